//! A framework for MCP servers.
//!
//! Annotate functions, and they are tools, resources and prompts:
//!
//! ```
//! use toolwright::prelude::*;
//!
//! /// Add two numbers.
//! #[tool]
//! fn add(a: i64, b: i64) -> i64 {
//!     a + b
//! }
//!
//! let [tool] = tools![add];
//! assert_eq!(tool.key().to_string(), "tool `add`");
//! assert_eq!(add(2, 3), 5); // The function is untouched.
//! ```
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "macros")]
mod attributes;
mod lists;
pub mod prelude;
#[cfg(feature = "stdio")]
mod run;

#[doc(hidden)]
pub use toolwright_server::__private;

#[cfg(feature = "macros")]
pub use attributes::{Elicit, completion, model, prompt, provider, resource, tool};
#[cfg(feature = "stdio")]
pub use run::{Run, run_endpoint};
pub use toolwright_server::{
    Completion, Context, Error, HandlerError, Prompt, Resource, Server, ServerBuilder, Tool, arguments,
    component, context, core, elicit, extract, handler, respond,
};

#[cfg(feature = "stdio")]
pub use toolwright_stdio as stdio;

/// What building and running a server returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;
