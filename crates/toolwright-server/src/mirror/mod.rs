//! HTTP headers that repeat what the body says, for gateways that do not read bodies ("Streamable HTTP", "Server Validation").
//!
//! The body stays the truth; a request whose headers say something else is refused. Nothing is copied for one whose headers agree,
//! unless a value is encoded.
mod compare;
mod sent;
mod standard;

pub(crate) use sent::arguments;
pub(crate) use standard::{method, name, notification, version};
