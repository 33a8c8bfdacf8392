//! JSON-RPC 2.0, without any knowledge of MCP.
//!
//! [`decode`] turns the bytes of one transport frame into [`Message`]s that borrow from them, or says what is [`Malformed`];
//! [`encode`] writes messages into one buffer each. Which methods exist, whether batches are allowed and how an error without an
//! id looks on the wire is decided elsewhere.
//!
//! # Example
//! ```
//! use toolwright_core::jsonrpc::{Incoming, Message, decode, encode};
//!
//! let body = br#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#;
//! let Incoming::Single(Ok(Message::Request { id, method, .. })) = decode(body) else { panic!("a request") };
//! assert_eq!(method, "ping");
//! assert_eq!(encode::result(&id, b"{}"), r#"{"jsonrpc":"2.0","id":7,"result":{}}"#);
//! ```
mod code;
mod decode;
mod depth;
pub mod encode;
mod envelope;
mod error;
mod id;
mod malformed;
mod message;

pub use code::ErrorCode;
pub use decode::{Incoming, Limits, decode, decode_within};
pub use envelope::Envelope;
pub use error::RpcError;
pub use id::Id;
pub use malformed::{Fault, Malformed};
pub use message::Message;
