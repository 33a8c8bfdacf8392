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

    fn components(&self, components: Components) -> Components {
        let Components { tools, resources, prompts, completions } = components;
        Components {
            tools: tools.into_iter().filter_map(|tool| self.0.tool(tool)).collect(),
            resources: resources.into_iter().filter_map(|resource| self.0.resource(resource)).collect(),
            prompts: prompts.into_iter().filter_map(|prompt| self.0.prompt(prompt)).collect(),
            completions: completions.into_iter().filter_map(|it| self.0.completion(it)).collect(),
        }
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

    /// The inner names that may lead to this outer one, without doubles.
    pub(crate) fn reverse(&self, kind: Kind, name: &str) -> Vec<String> {
        self.0.iter().rev().fold(vec![name.to_owned()], |names, transform| {
            let mut inner: Vec<String> = Vec::new();
            for name in names.iter().flat_map(|name| transform.0.reverse(kind, name)) {
                if !inner.contains(&name) {
                    inner.push(name);
                }
            }
            inner
        })
    }

    pub(crate) fn components(&self, components: Components) -> Components {
        self.0.iter().fold(components, |components, transform| transform.components(components))
    }

    /// What is wrong with the transforms, or between them and `components`.
    pub(crate) fn problems(&self, components: &Components) -> Vec<String> {
        let mut problems = Vec::new();
        self.0.iter().fold(components.clone(), |components, transform| {
            problems.extend(transform.0.problems(&components));
            transform.components(components)
        });
        problems
    }
}
