use std::{fmt, sync::Arc};

use super::Transform;
use crate::{
    Completion, Prompt, Resource, Tool,
    component::{Components, Kind},
};

/// Any transform, shared.
#[derive(Clone)]
pub(crate) struct SharedTransform(Arc<dyn Transform>);

impl SharedTransform {
    pub(crate) fn new(transform: impl Transform) -> Self {
        Self(Arc::new(transform))
    }
}

impl fmt::Debug for SharedTransform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedTransform")
    }
}

/// Transforms around each other, the innermost first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stack(Vec<SharedTransform>);

impl Stack {
    pub(crate) fn new(transforms: Vec<SharedTransform>) -> Self {
        Self(transforms)
    }

    pub(crate) fn push(&mut self, transform: SharedTransform) {
        self.0.push(transform);
    }

    pub(crate) fn tool(&self, tool: Tool) -> Option<Tool> {
        self.0.iter().try_fold(tool, |tool, transform| transform.0.tool(tool))
    }

    pub(crate) fn resource(&self, resource: Resource) -> Option<Resource> {
        self.0.iter().try_fold(resource, |resource, transform| transform.0.resource(resource))
    }

    pub(crate) fn prompt(&self, prompt: Prompt) -> Option<Prompt> {
        self.0.iter().try_fold(prompt, |prompt, transform| transform.0.prompt(prompt))
    }

    pub(crate) fn completion(&self, completion: Completion) -> Option<Completion> {
        self.0.iter().try_fold(completion, |completion, transform| transform.0.completion(completion))
    }

    /// The inner name that may lead to this outer one.
    pub(crate) fn reverse(&self, kind: Kind, name: &str) -> Option<String> {
        self.0.iter().rev().try_fold(name.to_owned(), |name, transform| transform.0.reverse(kind, &name))
    }

    pub(crate) fn components(&self, components: Components) -> Components {
        if self.0.is_empty() {
            return components;
        }
        let Components { tools, resources, prompts, completions } = components;
        Components {
            tools: tools.into_iter().filter_map(|tool| self.tool(tool)).collect(),
            resources: resources.into_iter().filter_map(|resource| self.resource(resource)).collect(),
            prompts: prompts.into_iter().filter_map(|prompt| self.prompt(prompt)).collect(),
            completions: completions.into_iter().filter_map(|completion| self.completion(completion)).collect(),
        }
    }
}
