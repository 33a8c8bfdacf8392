//! Which revision of the protocol speaks, and what that means.
mod revision;

pub use revision::{Revision, UnknownRevision};
