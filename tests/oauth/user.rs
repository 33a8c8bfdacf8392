use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use toolwright::auth::client::{FollowRedirect, UserAgent, UserAgentError};

/// A user who agrees to everything, and counts how often.
#[derive(Clone, Default)]
pub(crate) struct User(Arc<AtomicUsize>);

impl User {
    pub(crate) fn was_asked(&self) -> usize {
        self.0.load(Ordering::Relaxed)
    }
}

impl UserAgent for User {
    type Visit = FollowRedirect;

    async fn prepare(&self, _before: Option<&str>) -> Result<FollowRedirect, UserAgentError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(FollowRedirect::default())
    }
}

/// Nobody is there to be asked.
pub(crate) struct Nobody;

impl UserAgent for Nobody {
    type Visit = FollowRedirect;

    async fn prepare(&self, _before: Option<&str>) -> Result<FollowRedirect, UserAgentError> {
        Err(UserAgentError::Failed("nobody is there".to_owned()))
    }
}
