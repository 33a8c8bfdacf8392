use super::{Era, Served};
use crate::jsonrpc::RpcError;

/// Why a message is not served at all, before anyone looks at its method.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Refusal {
    /// The era in whose words the refusal is put.
    pub era: Era,
    /// The error.
    pub error: RpcError,
}

impl Refusal {
    pub(super) fn unsupported(era: Era, served: Served, requested: &str) -> Self {
        Self { era, error: RpcError::unsupported_protocol_version(requested, &served.names()) }
    }

    pub(super) fn invalid_params(era: Era, message: &'static str) -> Self {
        Self { era, error: RpcError::invalid_params(message) }
    }
}
