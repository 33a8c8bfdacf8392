//! OAuth for clients ("Authorization").
//!
//! [`OAuth`] is the [`Credentials`](toolwright_core::joint::Credentials) of a connection over HTTP. It does what the
//! specification asks of a client: metadata of the protected resource (RFC 9728) and of the authorization server (RFC 8414, OpenID
//! Connect Discovery), registration (beforehand, by a client id metadata document, dynamically), the authorization code grant with
//! PKCE, resource indicators (RFC 8707), the check of the issuer (RFC 9207), step-up, refresh; and the extensions: client
//! credentials, enterprise-managed authorization, workload identity, DPoP.
//!
//! ```
//! use toolwright_auth::client::{EncryptedFile, OAuth, StoreKey};
//!
//! let oauth = OAuth::builder("https://api.example.com/mcp")
//!     .client_name("Notes")
//!     .store(EncryptedFile::new("tokens", StoreKey::random())) // Keep the key where it can be found again.
//!     .build()?;
//! # let _ = oauth;
//! # Ok::<_, toolwright_auth::client::OAuthError>(())
//! ```
//!
//! What is asked over the network is https, or on this machine when the server is on it; no redirects are followed; answers are
//! bounded. Tokens go to the origin of the server, refresh tokens and the client's credentials to the authorization server that
//! issued them, and neither into logs.
mod challenge;
mod clock;
mod code;
mod discovery;
mod error;
mod grant;
mod jose;
mod net;
mod registration;
mod scope;
mod secret;
mod session;
mod store;
mod token;
mod user_agent;

pub use code::{AuthorizationRequest, RedirectError};
pub use error::{ErrorResponse, OAuthError};
pub use grant::IdentityProvider;
pub use jose::{ParseKeyError, SigningKey};
pub use registration::ClientRegistration;
pub use secret::Secret;
pub use session::{OAuth, OAuthBuilder};
pub use store::{
    EncryptedFile, MemoryStore, ParseStoreKeyError, StoreKey, StoreLock, TokenStore, TokenStoreError,
};
pub use user_agent::{FollowRedirect, LoopbackRedirect, UserAgent, UserAgentError, Visit};
