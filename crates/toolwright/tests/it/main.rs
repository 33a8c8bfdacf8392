//! Tests of the facade: what users write, what the compiler tells them, and what clients see.
#![allow(missing_docs, reason = "tests document themselves by their names")]
mod ui;
