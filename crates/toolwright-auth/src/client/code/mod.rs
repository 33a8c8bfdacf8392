//! The authorization code grant with PKCE (RFC 6749, "Authorization Code Grant"; RFC 7636).
mod answer;
mod pkce;
mod request;

pub use answer::RedirectError;
pub(super) use pkce::Pkce;
pub use request::AuthorizationRequest;
pub(super) use request::{OFFLINE, Parameters};
