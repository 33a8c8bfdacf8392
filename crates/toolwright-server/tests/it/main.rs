//! What the engine promises, by module.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so best by panicking")]
mod arguments;
#[cfg(feature = "validation")]
mod checked;
mod extension;
mod lifecycle;
mod providers;
mod questions;
mod respond;
mod subscriptions;
mod transform;
#[cfg(feature = "validation")]
mod validation;
mod wire;
