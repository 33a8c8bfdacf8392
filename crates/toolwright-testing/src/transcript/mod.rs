//! Conversations written down line by line, and replayed against a server.
//!
//! A transcript is a text file, usually `tests/wire/<topic>.jsonl`. Each line is one of
//!
//! | line | meaning |
//! |---|---|
//! | `> {..}` | the client sends this, as it stands; it need not be JSON |
//! | `< {..}` | the server sends this next |
//! | `! drop 7` | the client gives request `7` up, as a broken connection does |
//! | `! drain`, `! close` | the server is told to come to an end; the connection is closed |
//! | `# ..`, empty | a comment |
//!
//! What the server sends for one request is compared in order. Between requests that run at the same time there is no order:
//! an expected line matches the next message of any of them. At the end nothing may be left over, neither a message nor an
//! unanswered request.
//!
//! In an expected message these strings stand for something else:
//!
//! | string | matches |
//! |---|---|
//! | `"$any"` | any value |
//! | `"$string"`, `"$number"` | any string, any number |
//! | `"$id:name"` | any value the first time, the same one afterwards; a later `>` line sends it |
//! | `"$$.."` | the string with one dollar sign less |
//!
//! and a member `"$rest"` of an object allows more members than are written.
//!
//! With `UPDATE_TRANSCRIPTS=1` in the environment, [`Replay::file`] rewrites the lines that do not match, and leaves all others
//! as they are.
//!
//! # Example
//! ```
//! use toolwright_core::joint::Endpoint;
//! use toolwright_testing::transcript::{Mismatch, replay};
//!
//! async fn pings(server: impl Endpoint) -> Result<(), Mismatch> {
//!     replay(
//!         server,
//!         r#"
//!         > {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}
//!         < {"jsonrpc":"2.0","id":1,"result":{"protocolVersion":"2025-11-25","$rest":"$any"}}
//!         > {"jsonrpc":"2.0","method":"notifications/initialized"}
//!         > {"jsonrpc":"2.0","id":2,"method":"ping"}
//!         < {"jsonrpc":"2.0","id":2,"result":{}}
//!         "#,
//!     )
//!     .await
//! }
//! ```
mod conversation;
mod line;
mod mailbox;
mod mismatch;
mod pattern;
mod replay;

pub use mismatch::Mismatch;
pub use replay::{Replay, replay};
