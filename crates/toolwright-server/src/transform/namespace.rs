use super::Transform;
use crate::{
    Completion, Prompt, Resource, Tool,
    component::{Components, Kind},
};

/// Puts components under a name of their own, so that those of several sources never meet.
///
/// | before | after |
/// |---|---|
/// | tool or prompt `pay` | `billing_pay` |
/// | `invoices://latest`, `invoices://{id}` | `invoices://billing/latest`, `invoices://billing/{id}` |
/// | `file:/readme` | `file:/billing/readme` |
/// | `urn:isbn:1` | `urn:billing:isbn:1` |
///
/// The display name of a resource gets the prefix of a tool; one that is the URI follows the URI.
///
/// # Example
/// ```
/// use toolwright_server::{Tool, component::Kind, transform::{Namespace, Transform}};
///
/// let billing = Namespace::new("billing");
/// assert_eq!(billing.tool(Tool::new("pay")).unwrap().common().name, "billing_pay");
/// assert_eq!(billing.reverse(Kind::Tool, "billing_pay"), ["pay"]);
/// assert!(billing.reverse(Kind::Tool, "pay").is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Namespace {
    name: String,
}

impl Namespace {
    /// The namespace `name`: letters, digits, `_`, `-` and `.`, so that names and URIs stay legal.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into() }
    }

    fn prefixed(&self, name: &str) -> String {
        format!("{}_{name}", self.name)
    }

    fn address(&self, address: &str) -> String {
        let name = &self.name;
        match address.split_once(':') {
            Some((scheme, rest)) => match (rest.strip_prefix("//"), rest.strip_prefix('/')) {
                (Some(rest), _) => format!("{scheme}://{name}/{rest}"),
                (None, Some(rest)) => format!("{scheme}:/{name}/{rest}"),
                (None, None) => format!("{scheme}:{name}:{rest}"),
            },
            None => format!("{name}/{address}"),
        }
    }

    fn inner_address(&self, address: &str) -> Option<String> {
        let inside =
            |rest: &str, separator| Some(rest.strip_prefix(&self.name)?.strip_prefix(separator)?.to_owned());
        let inner = match address.split_once(':') {
            Some((scheme, rest)) => match (rest.strip_prefix("//"), rest.strip_prefix('/')) {
                (Some(rest), _) => format!("{scheme}://{}", inside(rest, '/')?),
                (None, Some(rest)) => format!("{scheme}:/{}", inside(rest, '/')?),
                (None, None) => format!("{scheme}:{}", inside(rest, ':')?),
            },
            None => inside(address, '/')?,
        };
        // `x:/billing//y` reads as if it came from `x://y`, which goes elsewhere.
        (self.address(&inner) == address).then_some(inner)
    }

    /// A display name, or an address that stands in for one.
    fn label(&self, name: &str) -> String {
        if name.contains("://") || name.contains('{') { self.address(name) } else { self.prefixed(name) }
    }
}

impl Transform for Namespace {
    fn tool(&self, mut tool: Tool) -> Option<Tool> {
        let common = tool.common_mut();
        common.name = self.prefixed(&common.name);
        Some(tool)
    }

    fn resource(&self, mut resource: Resource) -> Option<Resource> {
        let address = self.address(resource.address().as_str());
        let name = &resource.common().name;
        let name = if name == resource.address().as_str() { address.clone() } else { self.label(name) };
        resource.common_mut().name = name;
        resource.move_to(address);
        Some(resource)
    }

    fn prompt(&self, mut prompt: Prompt) -> Option<Prompt> {
        let common = prompt.common_mut();
        common.name = self.prefixed(&common.name);
        Some(prompt)
    }

    fn completion(&self, mut completion: Completion) -> Option<Completion> {
        let target = completion.target_mut();
        target.name = match target.kind {
            Kind::Tool | Kind::Prompt => self.prefixed(&target.name),
            Kind::Resource | Kind::Template => self.label(&target.name),
        };
        Some(completion)
    }

    fn reverse(&self, kind: Kind, name: &str) -> Vec<String> {
        let inner = match kind {
            Kind::Tool | Kind::Prompt => {
                name.strip_prefix(&self.name).and_then(|rest| rest.strip_prefix('_')).map(str::to_owned)
            }
            Kind::Resource | Kind::Template => self.inner_address(name),
        };
        inner.into_iter().collect()
    }

    fn problems(&self, _: &Components) -> Vec<String> {
        let legal = |character: char| character.is_ascii_alphanumeric() || "_-.".contains(character);
        if !self.name.is_empty() && self.name.chars().all(legal) {
            return Vec::new();
        }
        vec![format!("namespace `{}`: write one or more letters, digits, `_`, `-` and `.`", self.name)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_finds_its_way_back() {
        let space = Namespace::new("billing");
        for (inner, outer) in [
            ("notes://today", "notes://billing/today"),
            ("notes://{id}{?tag}", "notes://billing/{id}{?tag}"),
            ("notes://", "notes://billing/"),
            ("file:///etc/motd", "file://billing//etc/motd"),
            ("file:/etc/motd", "file:/billing/etc/motd"),
            ("urn:isbn:1", "urn:billing:isbn:1"),
            ("mailto:ada@example.org", "mailto:billing:ada@example.org"),
            ("no-uri", "billing/no-uri"),
        ] {
            assert_eq!(space.address(inner), outer);
            assert_eq!(space.inner_address(outer).as_deref(), Some(inner));
        }
        for stranger in [
            "notes://today",
            "notes://billings/today",
            "notes://billing",
            "x:/billing//y",
            "urn:billing/isbn",
            "billing",
        ] {
            assert_eq!(space.inner_address(stranger), None, "{stranger}");
        }
    }

    #[test]
    fn display_names_and_completion_targets_follow() {
        let space = Namespace::new("ns");
        let named = space.resource(Resource::new("notes://{id}").name("note")).unwrap();
        let by_name = space.completion(Completion::resource("note", "id")).unwrap();
        assert_eq!(by_name.target().name, named.common().name);

        let plain = space.resource(Resource::new("notes://{id}")).unwrap();
        let by_address = space.completion(Completion::resource("notes://{id}", "id")).unwrap();
        assert_eq!(by_address.target().name, "notes://ns/{id}");
        assert_eq!(plain.common().name, "notes://ns/{id}");
        assert_eq!(
            space.completion(Completion::prompt("review", "text")).unwrap().target().name,
            "ns_review"
        );
    }

    #[test]
    fn a_namespace_that_would_break_names_or_templates_is_a_mistake() {
        for name in ["", "a b", "a/b", "{a}", "ä"] {
            assert_eq!(Namespace::new(name).problems(&Components::default()).len(), 1, "{name}");
        }
        assert!(Namespace::new("team-1.eu_west").problems(&Components::default()).is_empty());
    }
}
