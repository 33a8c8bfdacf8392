//! Tests of the facade: what users write, what the compiler tells them, and what clients see.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    reason = "tests document themselves by their names and fail by panics"
)]
mod clients;
mod closures;
#[cfg(feature = "http-client")]
mod faults;
#[cfg(all(unix, feature = "child"))]
mod open;
mod providers;
mod questions;
mod resources;
mod schemas;
mod support;
mod tools;
mod ui;
mod write_once;
