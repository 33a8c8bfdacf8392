//! What most servers need: `use toolwright::prelude::*;`.
//!
//! It has no `Result`, so that yours stays yours.
#[cfg(feature = "macros")]
pub use crate::attributes::{Elicit, completion, model, prompt, provider, resource, tool};
pub use crate::{
    Completion, Context, HandlerError, Prompt, Resource, Tool,
    arguments::Args,
    completions,
    extract::{FromCall, State},
    prompts, resources, tools,
};
