//! Messages over byte streams: one JSON-RPC message per line ("stdio" of the transports).
//!
//! [`serve`] puts an [`Endpoint`](toolwright_core::joint::Endpoint) on the process's own stdin and stdout, [`serve_blocking`]
//! on any blocking pair of streams, [`serve_io`] on any asynchronous pair, such as the halves of a socket. A client reaches the
//! other end of such a pair through [`Pipe`], and starts a server as a process of its own with `Child` (feature `child`).
//!
//! What comes in are bytes, what goes out are bytes. This crate splits them into lines, keeps the order, bounds what waits, and
//! ends in good order; it looks into a message only when too many requests run at once.
//!
//! # What holds for every connection
//! - Messages start in the order of arrival. What a call sends and its answer keep their order; answers of different calls
//!   come as they are ready.
//! - A broken line is answered by the endpoint, a line longer than [`Limits::body`] with an error that names the limit, and
//!   the connection lives on. Blank lines and a byte order mark at the start are skipped, `\r\n` ends a line, too.
//! - Over [`Limits::in_flight`] running requests, further ones wait in order, as long as the waiting ones fit in
//!   [`Limits::body`] bytes together; what does not fit is refused. Responses and notifications always pass, so that calls which
//!   wait for the client get on.
//! - A peer that does not read makes the queue full ([`Limits::queue`]): notifications report it, answers wait, and no more is
//!   read until there is room.
//! - At the end of input, on SIGTERM or Ctrl-C, running calls have [`Limits::drain`] to finish and their answers are written.
//!   A second signal, or a peer that no longer takes anything, ends at once.
//!
//! # What it costs
//! Stdin and stdout have threads of their own. A call that is ready at once is answered on the reading thread: no task, no
//! channel, no wake-up, and all answers to what one read brought are one write. **A blocking handler therefore delays what
//! comes after it**; the server runs such handlers elsewhere when they are marked as blocking.
//!
//! Nothing but the protocol may be written to stdout. Log to stderr.
//!
//! [`Limits::body`]: toolwright_core::joint::Limits::body
//! [`Limits::in_flight`]: toolwright_core::joint::Limits::in_flight
//! [`Limits::queue`]: toolwright_core::joint::Limits::queue
//! [`Limits::drain`]: toolwright_core::joint::Limits::drain
#[cfg(feature = "child")]
mod child;
mod connection;
mod error;
mod gather;
mod life;
mod lines;
mod options;
mod outbox;
mod pipe;
mod serve;
mod slots;
mod tasks;
mod threads;
mod wire;

#[cfg(feature = "child")]
pub use child::{Child, Stderr};
pub use error::Error;
pub use options::Options;
pub use pipe::Pipe;
pub use serve::{serve, serve_blocking, serve_io};
