//! Server-sent events: messages to a stream's bytes and back (WHATWG HTML, "Server-sent events").
//!
//! A message is one event with its JSON in the data, and without a name ("Streamable HTTP", "Sending Messages to the Server").
//! [`event`] and its kind make the bytes, one buffer each, ready to be written at once. [`Decoder`] reads them however they are
//! cut.
//!
//! # Example
//! ```
//! use toolwright_core::sse::{self, Decoder};
//!
//! let bytes = sse::event(Some("7"), br#"{"jsonrpc":"2.0"}"#);
//! assert_eq!(bytes, "id: 7\ndata: {\"jsonrpc\":\"2.0\"}\n\n");
//!
//! let mut decoder = Decoder::new(1024);
//! let event = decoder.decode(&mut &bytes[..])?.expect("a whole event");
//! assert_eq!(event.id.as_deref(), Some("7"));
//! assert_eq!(event.data, r#"{"jsonrpc":"2.0"}"#);
//! # Ok::<(), sse::EventTooLarge>(())
//! ```
mod block;
mod decode;
mod encode;
mod event;

pub use decode::{Decoder, EventTooLarge};
pub use encode::{COMMENT, event, named, primer, retry};
pub use event::Event;
