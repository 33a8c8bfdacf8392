//! What the engine promises, by module.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so best by panicking")]
mod arguments;
mod lifecycle;
mod questions;
mod respond;
mod transform;
#[cfg(feature = "validation")]
mod validation;
mod wire;
