use std::sync::Arc;

use super::{canonical, digest};
use crate::{Prompt, Resource, Tool};

/// The component of a call, to tell whether a later round finds the same one.
#[derive(Clone, Debug)]
pub(crate) enum Schema {
    Tool(Arc<Tool>),
    Prompt(Arc<Prompt>),
    Resource(Arc<Resource>),
}

impl Schema {
    /// The same for components that take the same arguments under the same name and version.
    pub(crate) fn digest(&self) -> u64 {
        let (key, schema) = match self {
            Self::Tool(tool) => (tool.key(), canonical(tool.schema().as_str())),
            Self::Prompt(prompt) => {
                let arguments = serde_json::to_string(prompt.takes());
                (prompt.key(), arguments.expect("arguments of prompts can always be written"))
            }
            Self::Resource(resource) => (resource.key(), String::new()),
        };
        digest(&format!("{key}\n{schema}"))
    }
}
