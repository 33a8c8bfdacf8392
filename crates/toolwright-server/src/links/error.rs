use toolwright_store::StoreError;

/// Why a link does not open. Whoever opened it may read the text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// It was not made by this server, or by none with the same keys, or somebody changed it.
    #[error("this link is not valid")]
    Invalid,
    /// Its time is over.
    #[error("this link has expired; start again where you got it")]
    Expired,
    /// It was made for somebody else than the one who opens it.
    #[error("this link belongs to somebody else; sign in as the one who got it")]
    OtherUser,
    /// It was opened before.
    #[error("this link has been used already; start again where you got it")]
    Used,
    /// The store of the server failed.
    #[error("the link cannot be opened at present")]
    Store(#[source] StoreError),
    /// What the link was completed with cannot be written as JSON.
    #[error("what the link was completed with cannot be written as JSON")]
    Value(#[source] serde_json::Error),
}

impl From<StoreError> for LinkError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}
