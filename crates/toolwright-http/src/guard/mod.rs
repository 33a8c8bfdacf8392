//! Which hosts and origins may call, so that no web page reaches a server that listens on its visitor's machine ("Streamable
//! HTTP", "Security Warning").
//!
//! A page of a foreign site cannot choose the `Host` that its visitor's browser sends: after DNS rebinding it is still the
//! site's own name. [`Hosts`] refuses it. [`Origins`] refuses pages that call the server by its right name.
mod authority;
mod error;
mod hosts;
mod origins;
mod pattern;
mod refusal;

pub use error::GuardError;
pub use hosts::Hosts;
pub use origins::Origins;
pub use refusal::Refusal;
