use std::fmt;

use super::super::{Secret, SigningKey, jose::Proof};

/// A client that was registered at an authorization server beforehand ("Pre-registration").
///
/// # Example
/// ```
/// use toolwright_auth::client::ClientRegistration;
///
/// let client = ClientRegistration::new("notes-desktop").secret("s3cret").issuer("https://as.example.com");
/// assert!(!format!("{client:?}").contains("s3cret"));
/// ```
#[derive(Clone)]
pub struct ClientRegistration {
    pub(in super::super) id: String,
    pub(in super::super) proof: Proof,
    pub(in super::super) method: Option<&'static str>,
    pub(in super::super) issuer: Option<String>,
}

impl ClientRegistration {
    /// A public client, without a secret.
    pub fn new(id: impl Into<String>) -> Self {
        Self { id: id.into(), proof: Proof::None, method: None, issuer: None }
    }

    /// The client's secret, sent as the authorization server says it takes it (`client_secret_basic` or `client_secret_post`).
    #[must_use]
    pub fn secret(mut self, secret: impl Into<Secret>) -> Self {
        self.proof = Proof::Secret(secret.into());
        self
    }

    /// The client's secret, sent in the body (`client_secret_post`) even where the authorization server takes it in a header, too: for
    /// clients that are registered so.
    #[must_use]
    pub fn secret_post(mut self, secret: impl Into<Secret>) -> Self {
        self.method = Some("client_secret_post");
        self.secret(secret)
    }

    /// The key that the client signs its assertions with (`private_key_jwt`).
    #[must_use]
    pub fn private_key(mut self, key: SigningKey) -> Self {
        self.proof = Proof::Key(key);
        self
    }

    /// The authorization server that knows the client. It is shown to no other one; without this, to none but the first.
    #[must_use]
    pub fn issuer(mut self, issuer: impl Into<String>) -> Self {
        self.issuer = Some(issuer.into());
        self
    }
}

impl fmt::Debug for ClientRegistration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientRegistration")
            .field("id", &self.id)
            .field("issuer", &self.issuer)
            .finish_non_exhaustive()
    }
}
