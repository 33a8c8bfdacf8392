//! Grants besides the code: those that need no browser.
mod assertions;
mod grant;
mod identity_provider;

pub(super) use assertions::Assertions;
pub(super) use grant::{Grant, JWT_BEARER};
pub use identity_provider::IdentityProvider;
