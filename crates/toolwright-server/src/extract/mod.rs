//! Extractors: parameters of a handler that are no arguments.
mod ext;
mod from_call;
mod http_parts;
mod of_call;
mod state;

pub use crate::context::{Cancel, Progress};
pub use crate::session::Session;
pub use ext::Ext;
pub use from_call::{FromCall, Needs};
pub use http_parts::HttpParts;
pub use state::State;
pub use toolwright_core::{joint::Principal, model::RequestMeta};
