//! What most servers need: `use toolwright::prelude::*;`.
//!
//! It has no `Result`, so that yours stays yours.
#[cfg(feature = "macros")]
pub use crate::attributes::{Elicit, completion, model, prompt, provider, resource, tool};
#[cfg(feature = "stdio")]
pub use crate::run::Run;
pub use crate::{
    Completion, Context, HandlerError, Prompt, Resource, Server, Tool,
    arguments::Args,
    completions,
    extract::{FromCall, State},
    prompts, resources, tools,
};
