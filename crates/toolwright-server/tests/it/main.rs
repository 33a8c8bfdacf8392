//! What the engine promises, by module.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so best by panicking")]
mod access;
mod arguments;
mod building;
mod caching;
mod cancellation;
#[cfg(feature = "validation")]
mod checked;
mod completion;
mod dynamic;
mod each;
mod extension;
mod extractors;
mod handles;
mod http;
mod lifecycle;
mod lifespans;
mod links;
mod logging;
mod malformed;
mod masking;
mod middleware;
#[cfg(feature = "sampling-openai")]
mod openai;
mod pagination;
mod panics;
mod progress;
mod prompts;
mod providers;
mod questions;
mod requests;
mod resources;
mod respond;
mod rounds;
mod sampling;
mod sessions;
mod subscriptions;
mod timeouts;
mod tools;
mod transform;
#[cfg(feature = "validation")]
mod validation;
mod versions;
mod wire;
