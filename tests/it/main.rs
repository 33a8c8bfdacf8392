//! Transcripts of the wire in both eras, and every message of ours against the official schemas.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails the test")]

mod authorization;
/// The example, which tests itself here once more.
#[path = "../../examples/everything/main.rs"]
#[expect(dead_code, reason = "nobody calls its `main`")]
mod everything;
mod fixture;
mod piped;
mod schema;
mod sweep;
mod tracker;
mod watched;
mod wire;
