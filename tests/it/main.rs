//! Transcripts of the wire in both eras, and every message of ours against the official schemas.
mod fixture;
mod piped;
mod schema;
mod tracker;
mod wire;
