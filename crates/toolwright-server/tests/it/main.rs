//! What the engine promises, by module.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so best by panicking")]
mod arguments;
#[cfg(feature = "validation")]
mod checked;
mod completion;
mod each;
mod extension;
mod lifecycle;
mod logging;
mod malformed;
mod pagination;
mod progress;
mod prompts;
mod providers;
mod questions;
mod requests;
mod resources;
mod respond;
mod subscriptions;
mod tools;
mod transform;
#[cfg(feature = "validation")]
mod validation;
mod wire;
