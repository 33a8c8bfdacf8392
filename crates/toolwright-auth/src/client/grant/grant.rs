use super::{Assertions, IdentityProvider};

/// The grant of RFC 7523, "Using JWTs as Authorization Grants".
pub(in super::super) const JWT_BEARER: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// How tokens are got.
#[derive(Clone, Debug)]
pub(in super::super) enum Grant {
    /// The user signs in.
    Code,
    /// The client is authorized itself.
    ClientCredentials,
    /// The user's enterprise vouches for the user.
    Enterprise(IdentityProvider),
    /// The platform vouches for the workload.
    Workload(Assertions),
}

impl Grant {
    /// The extension of the protocol that it belongs to.
    pub(in super::super) fn extension(&self) -> Option<&'static str> {
        match self {
            Self::ClientCredentials => Some("io.modelcontextprotocol/oauth-client-credentials"),
            Self::Enterprise(_) => Some("io.modelcontextprotocol/enterprise-managed-authorization"),
            // The one of workloads is a draft without an identifier.
            Self::Code | Self::Workload(_) => None,
        }
    }

    /// Whether only a client that was registered beforehand can have it.
    pub(in super::super) fn needs_client(&self) -> bool {
        matches!(self, Self::ClientCredentials | Self::Enterprise(_))
    }

    /// Whether tokens are got without bothering anybody.
    pub(in super::super) fn is_silent(&self) -> bool {
        !matches!(self, Self::Code)
    }
}
