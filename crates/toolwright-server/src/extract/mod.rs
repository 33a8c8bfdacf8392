//! Extractors: parameters of a handler that are no arguments.
mod ext;
mod from_call;
mod of_call;
mod state;

pub use crate::context::{Cancel, Progress};
pub use ext::Ext;
pub use from_call::{FromCall, Needs};
pub use state::State;
pub use toolwright_core::{joint::Principal, model::RequestMeta};
