//! The client's side: [`Http`] connects a client to a server by URL, or to a service in the same process.
//!
//! A message is one POST, and its answer is one JSON body or a stream of events. Connections are kept and used again; each is driven
//! by whoever waits for its answer, so a request costs no task, and dropping its future closes its connection.
mod bearer;
mod exchange;
mod general;
mod http;
mod line;
mod link;
mod pair;
mod retry;
mod sender;
mod settings;
mod target;
mod transport;

pub use self::{bearer::Bearer, http::Http};
