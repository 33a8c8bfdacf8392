//! The methods of the protocol, one family a file.
mod completion;
mod data;
mod outcome;
mod pages;
mod prompts;
mod resources;
mod tools;
mod utility;

pub use outcome::{CallOutcome, ToolError};

pub(crate) use pages::PAGES;
