//! From a refusal to an authorization server: metadata of the protected resource (RFC 9728), then of the authorization server
//! (RFC 8414, OpenID Connect Discovery).
mod discover;
mod metadata;
mod resource;
mod server;
mod well_known;

pub(super) use discover::{Discovery, discover, select_scopes};
pub(super) use metadata::AuthorizationServer;
pub(super) use server::fetch as fetch_server;
