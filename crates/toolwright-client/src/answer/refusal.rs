use std::borrow::Cow;

use toolwright_core::jsonrpc::RpcError;

/// Why a [sampling handler](crate::Builder::on_sample) gives no message, for example because the user said no.
///
/// # Example
/// ```
/// use toolwright_client::Refusal;
///
/// assert_eq!(Refusal::new("the user said no").to_string(), "the user said no");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refusal(Cow<'static, str>);

impl Refusal {
    /// The reason is told to the server.
    pub fn new(reason: impl Into<Cow<'static, str>>) -> Self {
        Self(reason.into())
    }
}

impl From<Refusal> for RpcError {
    /// What older sessions are told ("Sampling", "Error Handling").
    fn from(refusal: Refusal) -> Self {
        Self::new(-1, refusal.0)
    }
}
