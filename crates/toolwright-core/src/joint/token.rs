use std::{fmt, future::Future, sync::Arc};

use super::{BoxFuture, Principal};

/// Turns a bearer token into a [`Principal`].
///
/// # Example
/// ```
/// use toolwright_core::joint::{Principal, TokenError, TokenVerifier};
///
/// struct OneToken;
///
/// impl TokenVerifier for OneToken {
///     async fn verify(&self, token: &str) -> Result<Principal, TokenError> {
///         (token == "s3cret").then(|| Principal::new("ada")).ok_or_else(|| TokenError::invalid("unknown token"))
///     }
/// }
/// ```
pub trait TokenVerifier: Send + Sync + 'static {
    /// Verifies `token`, which must have been issued for this server (basic/authorization, "Token Handling").
    ///
    /// # Errors
    /// When the token is not acceptable or cannot be judged now.
    fn verify(&self, token: &str) -> impl Future<Output = Result<Principal, TokenError>> + Send;
}

/// Why a token was not accepted. The text is for the log and the challenge and never holds the token.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The caller's fault: expired, malformed, for somebody else.
    #[error("invalid token: {0}")]
    Invalid(String),
    /// Nobody's token is at fault: keys could not be fetched, say.
    #[error("the token cannot be verified now: {0}")]
    Unavailable(String),
}

impl TokenError {
    /// The token is not acceptable.
    pub fn invalid(reason: impl Into<String>) -> Self {
        Self::Invalid(reason.into())
    }

    /// The token cannot be judged now.
    pub fn unavailable(reason: impl Into<String>) -> Self {
        Self::Unavailable(reason.into())
    }
}

/// Any [`TokenVerifier`], shared.
#[derive(Clone)]
pub struct SharedTokenVerifier(Arc<dyn Verify>);

impl SharedTokenVerifier {
    /// Shares `verifier`.
    pub fn new(verifier: impl TokenVerifier) -> Self {
        Self(Arc::new(verifier))
    }

    /// Verifies `token`.
    ///
    /// # Errors
    /// What the verifier reports.
    pub async fn verify(&self, token: &str) -> Result<Principal, TokenError> {
        self.0.verify_boxed(token).await
    }
}

impl fmt::Debug for SharedTokenVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedTokenVerifier")
    }
}

trait Verify: Send + Sync {
    fn verify_boxed<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Principal, TokenError>>;
}

impl<V: TokenVerifier> Verify for V {
    fn verify_boxed<'a>(&'a self, token: &'a str) -> BoxFuture<'a, Result<Principal, TokenError>> {
        Box::pin(self.verify(token))
    }
}
