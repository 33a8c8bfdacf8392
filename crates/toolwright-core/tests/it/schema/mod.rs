//! The model against the official schemas, `tests/schema/*.json`: every definition has its type, generated instances come
//! through it unchanged, and what we construct is valid.
#![expect(clippy::unwrap_used, reason = "a test may fail where it stands")]

mod document;
mod emitted;
mod generator;
mod members;
mod round_trip;
mod table;
