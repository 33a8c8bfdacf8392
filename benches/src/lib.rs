//! What is measured: a server, the messages sent to it, and the least that anybody has to do to answer them.
//!
//! `cargo run -p toolwright-benches --release -- --check` measures and compares with the budgets; see `src/main.rs`.

pub mod bare;
pub mod case;
pub mod fixture;
pub mod limit;
pub mod message;
mod over_http;
pub mod post;
mod work;
