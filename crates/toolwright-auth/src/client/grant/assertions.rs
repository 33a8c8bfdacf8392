use std::{error::Error, fmt, future::Future, sync::Arc};

use toolwright_core::joint::BoxFuture;

use super::super::{OAuthError, Secret};

type Failure = Box<dyn Error + Send + Sync>;

/// Gives signed statements of somebody whom the authorization server trusts, a current one each time.
#[derive(Clone)]
pub(in super::super) struct Assertions(
    Arc<dyn Fn() -> BoxFuture<'static, Result<Secret, Failure>> + Send + Sync>,
);

impl Assertions {
    pub(in super::super) fn new<F, Fut, S, E>(source: F) -> Self
    where
        F: Fn() -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<S, E>> + Send + 'static,
        S: Into<Secret>,
        E: Into<Failure>,
    {
        Self(Arc::new(move || {
            let given = source();
            Box::pin(async move { given.await.map(Into::into).map_err(Into::into) })
        }))
    }

    pub(in super::super) async fn next(&self) -> Result<Secret, OAuthError> {
        (self.0)().await.map_err(|error| OAuthError::NoAssertion { source: error.into() })
    }
}

impl fmt::Debug for Assertions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Assertions")
    }
}
