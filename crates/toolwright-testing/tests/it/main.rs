//! The harness against servers of a few lines.
#![expect(clippy::unwrap_used, reason = "a helper that fails fails the test")]

mod double;
mod eras;
mod faults;

mod recorder;
mod script;
mod server;
mod transcript;
mod write_once;
