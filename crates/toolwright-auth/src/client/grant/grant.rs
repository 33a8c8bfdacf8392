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
    /// Whether tokens are got without bothering anybody.
    pub(in super::super) fn is_silent(&self) -> bool {
        !matches!(self, Self::Code)
    }
}
