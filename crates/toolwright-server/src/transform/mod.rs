//! How components look: renamed, hidden, in a namespace, with other arguments.
//!
//! A transform maps components one by one. A look-up by name goes the other way: [`Transform::reverse`] says which inner names may
//! lead to an outer one, and what is found is mapped again and compared, so that lists and look-ups always agree.
#[cfg(test)]
mod agreement;
mod arguments;
mod input_schema;
mod members;
mod namespace;
mod rename;
mod stack;
mod visibility;

pub use arguments::ArgumentMap;
pub use namespace::Namespace;
pub use rename::Rename;
pub(crate) use stack::{SharedTransform, Stack};
pub use visibility::{Selector, Visibility};

use crate::{
    Completion, Prompt, Resource, Tool,
    component::{Components, Kind},
};

/// Maps components. Everything defaults to leaving them as they are.
///
/// # Example
/// ```
/// use toolwright_server::{Tool, transform::Transform};
///
/// struct Shout;
///
/// impl Transform for Shout {
///     fn tool(&self, mut tool: Tool) -> Option<Tool> {
///         let common = tool.common_mut();
///         common.description = common.description.take().map(|text| text.to_uppercase());
///         Some(tool)
///     }
/// }
/// # let _ = Shout;
/// ```
pub trait Transform: Send + Sync + 'static {
    /// Maps a tool; `None` takes it away.
    fn tool(&self, tool: Tool) -> Option<Tool> {
        Some(tool)
    }

    /// Maps a resource or template.
    fn resource(&self, resource: Resource) -> Option<Resource> {
        Some(resource)
    }

    /// Maps a prompt.
    fn prompt(&self, prompt: Prompt) -> Option<Prompt> {
        Some(prompt)
    }

    /// Maps a completion: its target has to follow the prompt or template it belongs to.
    fn completion(&self, completion: Completion) -> Option<Completion> {
        Some(completion)
    }

    /// The inner names (or URIs) that may lead to this outer one: mostly one, none where nothing can. A name too many costs a
    /// look-up and no more, because what is found is mapped and compared; one that is missing hides a component.
    fn reverse(&self, kind: Kind, name: &str) -> Vec<String> {
        let _ = kind;
        vec![name.to_owned()]
    }

    /// What is wrong with this transform, or between it and `components`: one text for each mistake of the author. `build()`
    /// fails with them; components that are not known by then come without this check.
    fn problems(&self, components: &Components) -> Vec<String> {
        let _ = components;
        Vec::new()
    }
}
