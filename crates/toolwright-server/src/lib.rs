//! The engine of Toolwright: what turns functions into an MCP server.
//!
//! Users depend on the facade crate `toolwright`, which re-exports this one.
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod arguments;
mod error;
pub mod respond;

#[doc(hidden)]
pub mod __private;

pub use error::{Error, HandlerError};
pub use toolwright_core as core;
