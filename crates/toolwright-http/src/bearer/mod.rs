//! Bearer tokens over HTTP: who is asking, and what callers without a good token are told (RFC 6750).
//!
//! [`BearerTokens`] is a [`TokenVerifier`](toolwright_core::joint::TokenVerifier) for a handful of fixed tokens. [`authenticate`]
//! asks any verifier about a request and makes a [`Challenge`] of its refusal.
mod authenticate;
mod challenge;
mod tokens;

pub use authenticate::authenticate;
pub use challenge::Challenge;
pub use tokens::BearerTokens;
