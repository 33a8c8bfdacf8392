//! Tests for MCP servers, in process and without sockets.
//!
//! - [`in_every_era`] runs one body against a server in each revision of the protocol, and says in which one it failed.
//! - [`WriteOnce`] makes one call in sessions, for stateless clients and in fleets, lets each of its rounds go wrong, and compares what
//!   came of it.
//! - [`Recorder`] keeps what a client hears beside its answers: progress, log messages, changes.
//! - [`Script`] answers what the server asks: elicitation, sampling, roots.
//! - [`transcript`] replays conversations written down line by line, and compares each message.
//!
//! # Time
//! Nothing here needs real time to pass. A test with `#[tokio::test(start_paused = true)]` (tokio's feature `test-util`) runs on
//! a clock that jumps to the next timer whenever nothing else can run, so that timeouts, intervals and deadlines of a server
//! are exact and take no time. `tokio::time::advance` moves it by hand.
//!
//! # Example
//! ```
//! use serde_json::json;
//! use toolwright_core::joint::Connect;
//! use toolwright_testing::in_every_era;
//!
//! async fn adds(server: impl Connect + Clone) {
//!     in_every_era(server, async |client| {
//!         let sum: i64 = client.call("add", json!({ "a": 2, "b": 3 })).await?.data()?;
//!         assert_eq!(sum, 5);
//!         Ok::<(), toolwright_client::ClientError>(())
//!     })
//!     .await;
//! }
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

mod eras;
mod recorder;
mod script;
pub mod transcript;
pub mod write_once;

pub use eras::{Eras, Outcome, in_every_era};
pub use recorder::Recorder;
pub use script::{Asked, Script};
pub use write_once::{Effects, Fault, Fleet, WriteOnce};
