//! The attributes, with their documentation.
pub use toolwright_macros::{Elicit, completion, model, prompt, provider, resource, tool};
