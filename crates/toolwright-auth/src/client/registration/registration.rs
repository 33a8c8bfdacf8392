use serde::{Deserialize, Serialize};

use super::super::{Secret, clock, secret};

/// What an authorization server gave a client that it registered, or what takes the place of that.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in super::super) struct Registration {
    pub(in super::super) client_id: String,
    #[serde(default, skip_serializing_if = "Option::is_none", with = "secret::optional")]
    pub(in super::super) client_secret: Option<Secret>,
    /// In seconds since 1970; 0 is never.
    #[serde(default)]
    client_secret_expires_at: Option<u64>,
    /// How the token endpoint wants the client to show who it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in super::super) token_endpoint_auth_method: Option<String>,
    /// Where the user may be sent back to.
    #[serde(default)]
    pub(in super::super) redirect_uris: Option<Vec<String>>,
}

impl Registration {
    /// A client that is known by its id alone.
    pub(in super::super) fn known(client_id: &str) -> Self {
        Self {
            client_id: client_id.to_owned(),
            client_secret: None,
            client_secret_expires_at: None,
            token_endpoint_auth_method: None,
            redirect_uris: None,
        }
    }

    /// Whether it is good for a sign-in that ends at `redirect_uri`.
    pub(in super::super) fn serves(&self, redirect_uri: &str) -> bool {
        let end = self.client_secret_expires_at.filter(|end| *end != 0);
        end.is_none_or(|end| end > clock::now())
            && self.redirect_uris.iter().flatten().any(|known| known == redirect_uri)
    }
}
