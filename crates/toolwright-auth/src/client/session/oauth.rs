use std::{fmt, sync::Arc};

use super::{
    super::{OAuthError, challenge::Demand},
    builder::OAuthBuilder,
    flight::{Flight, Need},
    leave,
    shared::Shared,
};

/// The authorization of a client for one server, by OAuth ("Authorization").
///
/// Give it to the connection. When the server refuses a request, it finds the authorization server, registers, lets the user sign
/// in, and has the request repeated; from then on every request carries a token that is renewed in time. However many requests are
/// refused at the same time, there is one sign-in. Clones share it.
///
/// # Example
/// ```
/// use toolwright_auth::client::{MemoryStore, OAuth};
///
/// let oauth = OAuth::builder("https://api.example.com/mcp")
///     .client_name("Notes")
///     .client_metadata_url("https://notes.example.com/client.json")
///     .store(MemoryStore::default())
///     .build()?;
/// assert!(format!("{oauth:?}").contains("api.example.com"));
/// # Ok::<_, toolwright_auth::client::OAuthError>(())
/// ```
#[derive(Clone)]
pub struct OAuth {
    pub(super) shared: Arc<Shared>,
    pub(super) flight: Arc<Flight>,
}

impl OAuth {
    /// Authorization for the server at `server_url`.
    pub fn builder(server_url: impl Into<String>) -> OAuthBuilder {
        OAuthBuilder::new(server_url.into())
    }

    /// Signs in now, without waiting for a refusal. Does nothing when there are tokens already.
    ///
    /// # Errors
    /// When there is no authorization to be had.
    pub async fn sign_in(&self) -> Result<(), OAuthError> {
        self.shared.load().await?;
        self.flight.satisfy(&self.shared, Need::Token(None, Demand::default())).await
    }

    /// Forgets the tokens, here and in the store, and what the user did not want to give; then has the authorization server take
    /// them back, if it says that it does that (RFC 7009). The next request that needs a token begins anew. What authorization
    /// servers registered is kept. A sign-in that waits for the user is broken off.
    ///
    /// Once it was polled, it goes on even when it is dropped.
    ///
    /// # Errors
    /// When the store cannot be written, which then still has the tokens; or when the authorization server does not take them back:
    /// they are forgotten here all the same, and may be good elsewhere until they expire.
    pub async fn sign_out(&self) -> Result<(), OAuthError> {
        leave::leave(&self.shared).await
    }

    /// Whether there are tokens. The server may refuse them all the same.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn is_signed_in(&self) -> Result<bool, OAuthError> {
        self.shared.load().await?;
        Ok(self.shared.has_other_than(None))
    }
}

impl fmt::Debug for OAuth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OAuth").field("settings", &self.shared.settings).finish_non_exhaustive()
    }
}
