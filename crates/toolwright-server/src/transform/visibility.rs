use std::collections::BTreeSet;

use super::Transform;
use crate::{
    Prompt, Resource, Tool,
    component::{Common, Kind},
};

/// Marks components as hidden or shown. Hidden is exactly not found: in no list, and unknown to every call.
///
/// Marks are set in the order of the transforms, and the last one that meets a component wins.
///
/// # Example
/// ```
/// use toolwright_server::{Tool, transform::{Selector, Transform, Visibility}};
///
/// let hide = Visibility::hide(Selector::tags(["internal"]));
/// let show = Visibility::show(Selector::names(["status"]));
/// let status = Tool::new("status").tags(["internal"]);
///
/// let hidden = hide.tool(status).unwrap();
/// assert!(hidden.common().hidden);
/// assert!(!show.tool(hidden).unwrap().common().hidden);
/// ```
#[derive(Clone, Debug)]
pub struct Visibility {
    selected: Option<bool>,
    others: Option<bool>,
    selector: Selector,
}

impl Visibility {
    /// Hides what `selector` selects.
    pub fn hide(selector: Selector) -> Self {
        Self { selected: Some(true), others: None, selector }
    }

    /// Shows what `selector` selects, whatever hid it before.
    pub fn show(selector: Selector) -> Self {
        Self { selected: Some(false), others: None, selector }
    }

    /// Shows what `selector` selects and hides everything else, components of other kinds included.
    pub fn only(selector: Selector) -> Self {
        Self { selected: Some(false), others: Some(true), selector }
    }

    fn mark(&self, kind: Kind, address: Option<&str>, common: &Common) -> bool {
        let mark = if self.selector.selects(kind, address, common) { self.selected } else { self.others };
        mark.unwrap_or(common.hidden)
    }
}

impl Transform for Visibility {
    fn tool(&self, mut tool: Tool) -> Option<Tool> {
        tool.common_mut().hidden = self.mark(Kind::Tool, None, tool.common());
        Some(tool)
    }

    fn resource(&self, mut resource: Resource) -> Option<Resource> {
        let address = resource.address().as_str();
        resource.common_mut().hidden = self.mark(resource.key().kind, Some(address), resource.common());
        Some(resource)
    }

    fn prompt(&self, mut prompt: Prompt) -> Option<Prompt> {
        prompt.common_mut().hidden = self.mark(Kind::Prompt, None, prompt.common());
        Some(prompt)
    }
}

/// Selects components by kind, name, tag and version.
///
/// A component has to fit each criterion that was given, and fits one by any of its values. Names are those at this place in the
/// stack of transforms. Whatever has no version fits no version.
///
/// # Example
/// ```
/// use toolwright_server::{component::Kind, transform::Selector};
///
/// let selector = Selector::tags(["internal", "beta"]).kind(Kind::Tool);   // tools with one of the tags
/// # let _ = selector;
/// ```
#[derive(Clone, Debug, Default)]
pub struct Selector {
    kinds: Option<BTreeSet<Kind>>,
    names: Option<BTreeSet<String>>,
    tags: Option<BTreeSet<String>>,
    versions: Option<BTreeSet<String>>,
}

fn strings(values: impl IntoIterator<Item = impl Into<String>>) -> Option<BTreeSet<String>> {
    Some(values.into_iter().map(Into::into).collect())
}

impl Selector {
    /// Everything.
    pub fn all() -> Self {
        Self::default()
    }

    /// Components of these kinds.
    pub fn kinds(kinds: impl IntoIterator<Item = Kind>) -> Self {
        Self { kinds: Some(kinds.into_iter().collect()), ..Self::default() }
    }

    /// Components with one of these names; resources and templates also by their URI.
    pub fn names(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { names: strings(names), ..Self::default() }
    }

    /// Components with one of these tags.
    pub fn tags(tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { tags: strings(tags), ..Self::default() }
    }

    /// Components with one of these versions.
    pub fn versions(versions: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self { versions: strings(versions), ..Self::default() }
    }

    /// Of this kind, or of another one that was given.
    pub fn kind(mut self, kind: Kind) -> Self {
        self.kinds.get_or_insert_default().insert(kind);
        self
    }

    /// With this name, or another one that was given.
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.names.get_or_insert_default().insert(name.into());
        self
    }

    /// With this tag, or another one that was given.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.get_or_insert_default().insert(tag.into());
        self
    }

    /// With this version, or another one that was given.
    pub fn version(mut self, version: impl Into<String>) -> Self {
        self.versions.get_or_insert_default().insert(version.into());
        self
    }

    fn selects(&self, kind: Kind, address: Option<&str>, common: &Common) -> bool {
        let named = |names: &BTreeSet<String>| {
            names.contains(&common.name) || address.is_some_and(|address| names.contains(address))
        };
        self.kinds.as_ref().is_none_or(|kinds| kinds.contains(&kind))
            && self.names.as_ref().is_none_or(named)
            && self.tags.as_ref().is_none_or(|tags| !tags.is_disjoint(&common.tags))
            && self.versions.as_ref().is_none_or(|versions| {
                common.version.as_ref().is_some_and(|version| versions.contains(version))
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hidden(marks: &[Visibility], tool: Tool) -> bool {
        marks.iter().fold(tool, |tool, mark| mark.tool(tool).unwrap()).common().hidden
    }

    #[test]
    fn the_last_mark_that_meets_a_component_wins() {
        let marks = [
            Visibility::hide(Selector::all()),
            Visibility::show(Selector::tags(["public"])),
            Visibility::hide(Selector::names(["purge"])),
        ];
        assert!(hidden(&marks, Tool::new("other")));
        assert!(!hidden(&marks, Tool::new("list").tags(["public"])));
        assert!(hidden(&marks, Tool::new("purge").tags(["public"])));
    }

    #[test]
    fn only_shows_the_selected_and_hides_the_rest() {
        let only = Visibility::only(Selector::tags(["public"]).kind(Kind::Tool));
        let tool = Tool::new("list").tags(["public"]);
        let mut marked = tool.clone();
        marked.common_mut().hidden = true;
        assert!(!only.tool(tool).unwrap().common().hidden);
        assert!(!only.tool(marked).unwrap().common().hidden, "a mark from before is overruled");
        assert!(only.tool(Tool::new("purge")).unwrap().common().hidden);
        assert!(only.prompt(Prompt::new("list").tags(["public"])).unwrap().common().hidden);
    }

    #[test]
    fn criteria_are_met_together_and_their_values_singly() {
        let selector = Selector::tags(["a", "b"]).version("1").version("2").kind(Kind::Tool);
        let hide = [Visibility::hide(selector)];
        assert!(hidden(&hide, Tool::new("x").tags(["b", "c"]).version("2")));
        assert!(!hidden(&hide, Tool::new("x").tags(["b"]).version("3")));
        assert!(!hidden(&hide, Tool::new("x").tags(["b"])), "no version is no match");
        assert!(!hidden(&hide, Tool::new("x").version("1")));
    }

    #[test]
    fn a_criterion_without_values_selects_nothing() {
        let nothing: [&str; 0] = [];
        assert!(!hidden(&[Visibility::hide(Selector::names(nothing))], Tool::new("x")));
    }

    #[test]
    fn resources_are_named_by_uri_and_by_name() {
        let note = || Resource::new("notes://{id}").name("note");
        for name in ["note", "notes://{id}"] {
            let hide = Visibility::hide(Selector::names([name]));
            assert!(hide.resource(note()).unwrap().common().hidden, "{name}");
        }
        assert!(
            Visibility::hide(Selector::kinds([Kind::Template])).resource(note()).unwrap().common().hidden
        );
        assert!(
            !Visibility::hide(Selector::kinds([Kind::Resource])).resource(note()).unwrap().common().hidden
        );
    }
}
