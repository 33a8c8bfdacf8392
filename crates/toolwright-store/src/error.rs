use std::error::Error;

/// A store that could not do what it was asked to.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// A limit of the store is reached. Nothing was written, and reading goes on.
    #[error("the store is full ({limit}); raise its limit, let values expire sooner, or use a larger store")]
    Full {
        /// Which limit, for example "at most 1000 entries".
        limit: Box<str>,
    },
    /// The store cannot be reached or does not answer in time. Trying again later may help.
    #[error("the store is unavailable; check that it runs and can be reached")]
    Unavailable(#[source] Box<dyn Error + Send + Sync>),
    /// The store refused, for a reason that trying again does not change.
    #[error("the store refused the operation")]
    Refused(#[source] Box<dyn Error + Send + Sync>),
}

impl StoreError {
    /// A store that cannot be reached just now.
    pub fn unavailable(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Unavailable(source.into())
    }

    /// A store that refuses, now and later.
    pub fn refused(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Refused(source.into())
    }
}
