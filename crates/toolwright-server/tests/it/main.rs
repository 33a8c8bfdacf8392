//! What the engine promises, by module.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so best by panicking")]
mod arguments;
mod checked;
mod each;
mod extension;
mod lifecycle;
mod malformed;
mod providers;
mod questions;
mod requests;
mod respond;
mod subscriptions;
mod tools;
mod transform;
#[cfg(feature = "validation")]
mod validation;
mod wire;
