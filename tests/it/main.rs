//! Transcripts of the wire in both eras, and every message of ours against the official schemas.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails the test")]

mod fixture;
mod piped;
mod schema;
mod tracker;
mod wire;
