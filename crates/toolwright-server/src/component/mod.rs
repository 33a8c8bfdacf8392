//! Tools, resources, templates, prompts and completions as values: a definition, a handler, and what goes with them.
mod checks;
mod common;
mod completion;
mod define;
mod key;
mod prompt;
mod resource;
mod tool;

pub(crate) use checks::Checks;
pub use common::{Common, Requirement};
pub use completion::{Completion, CompletionTarget};
pub use define::{Components, DefineCompletion, DefinePrompt, DefineProvider, DefineResource, DefineTool};
pub use key::{ComponentKey, Kind, VERSION_KEY};
pub use prompt::Prompt;
pub use resource::{Address, Resource};
pub(crate) use tool::MapArguments;
pub use tool::Tool;
