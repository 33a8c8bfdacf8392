//! The token endpoint (RFC 6749, "Token Endpoint"), and what it gives.
mod endpoint;
mod identity;
mod nonces;
mod response;
mod tokens;

pub(super) use endpoint::TokenEndpoint;
pub(super) use identity::ClientIdentity;
pub(super) use nonces::Nonces;
pub(super) use response::refusal;
pub(super) use tokens::Tokens;
