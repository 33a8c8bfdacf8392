//! The session of a client at one server: its tokens, and one renewal of them at a time.
mod authorize;
mod builder;
mod code;
mod current;
mod flight;
mod leave;
mod oauth;
mod renew;
mod shared;
mod silent;

pub use builder::OAuthBuilder;
pub use oauth::OAuth;
