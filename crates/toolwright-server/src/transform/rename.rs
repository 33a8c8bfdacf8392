use toolwright_core::{Raw, uri::UriTemplate};

use super::{ArgumentMap, Transform};
use crate::{
    Completion, Prompt, Resource, Tool,
    component::{Common, Components, Kind},
};

/// Gives one component another name, and if wanted another title, description, tags and arguments.
///
/// The old name is no more. A component that has the new name already makes way and is a mistake that `build()` reports. All
/// versions of the component are renamed. To change it under its own name, give the same name twice.
///
/// # Example
/// ```
/// use serde_json::json;
/// use toolwright_server::{Tool, component::Kind, transform::{Rename, Transform}};
///
/// let rename = Rename::tool("forecast", "weather").title("Weather").fix_arg("units", json!("metric"));
/// let schema = json!({ "type": "object", "properties": { "city": {}, "units": {} } });
/// let weather = rename.tool(Tool::new("forecast").input_schema(schema)).unwrap();
///
/// assert_eq!(weather.common().name, "weather");
/// assert_eq!(weather.schema().as_str(), r#"{"type":"object","properties":{"city":{}}}"#);
/// assert_eq!(rename.reverse(Kind::Tool, "weather"), ["forecast"]);
/// assert!(rename.reverse(Kind::Tool, "forecast").is_empty());
/// ```
#[derive(Clone, Debug)]
pub struct Rename {
    kind: Kind,
    from: String,
    to: String,
    templates: Option<Box<[UriTemplate; 2]>>,
    title: Option<String>,
    description: Option<String>,
    tags: Vec<String>,
    arguments: ArgumentMap,
}

impl Rename {
    /// Calls the tool `from` `to`.
    pub fn tool(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self::new(Kind::Tool, from.into(), to.into())
    }

    /// Calls the prompt `from` `to`.
    pub fn prompt(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self::new(Kind::Prompt, from.into(), to.into())
    }

    /// Moves the resource or template at `from` to `to`. Of templates both have the same expressions: `notes://{id}` can become
    /// `memos://by-id/{id}`.
    pub fn resource(from: impl Into<String>, to: impl Into<String>) -> Self {
        Self::new(Kind::Resource, from.into(), to.into())
    }

    fn new(kind: Kind, from: String, to: String) -> Self {
        let template = |text: &str| text.contains('{').then(|| UriTemplate::parse(text).ok()).flatten();
        let templates = match kind {
            Kind::Resource => template(&from).zip(template(&to)).map(|(from, to)| Box::new([from, to])),
            _ => None,
        };
        Self {
            kind,
            from,
            to,
            templates,
            title: None,
            description: None,
            tags: Vec::new(),
            arguments: ArgumentMap::new(),
        }
    }

    /// Another title.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = Some(title.into());
        self
    }

    /// Another description.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// More tags.
    pub fn tags(mut self, tags: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.tags.extend(tags.into_iter().map(Into::into));
        self
    }

    /// Maps the arguments of a tool. Replaces what was said about them before.
    pub fn arguments(mut self, map: ArgumentMap) -> Self {
        self.arguments = map;
        self
    }

    /// Shows an argument of the tool to callers as `name`.
    pub fn rename_arg(self, argument: impl Into<String>, name: impl Into<String>) -> Self {
        self.map(|map| map.rename(argument, name))
    }

    /// Describes an argument of the tool to callers differently; it is named as the tool names it.
    pub fn describe_arg(self, argument: impl Into<String>, description: impl Into<String>) -> Self {
        self.map(|map| map.describe(argument, description))
    }

    /// Always passes `value` as this argument of the tool, of which callers know nothing.
    pub fn fix_arg(self, argument: impl Into<String>, value: impl Into<Raw>) -> Self {
        self.map(|map| map.fix(argument, value))
    }

    /// Passes `value` as this argument of the tool when a caller leaves it out.
    pub fn default_arg(self, argument: impl Into<String>, value: impl Into<Raw>) -> Self {
        self.map(|map| map.default_to(argument, value))
    }

    /// Never passes this argument, which the tool must be able to do without; callers know nothing of it.
    pub fn hide_arg(self, argument: impl Into<String>) -> Self {
        self.map(|map| map.hide(argument))
    }

    fn map(mut self, change: impl FnOnce(ArgumentMap) -> ArgumentMap) -> Self {
        self.arguments = change(self.arguments);
        self
    }

    /// What becomes of a component that is called `name`.
    fn fate(&self, kind: Kind, name: &str) -> Fate {
        if kind == self.kind && name == self.from {
            Fate::Renamed
        } else if kind == self.kind && name == self.to {
            Fate::Ousted
        } else {
            Fate::Untouched
        }
    }

    fn refine(&self, common: &mut Common) {
        if self.title.is_some() {
            common.title.clone_from(&self.title);
        }
        if self.description.is_some() {
            common.description.clone_from(&self.description);
        }
        common.tags.extend(self.tags.iter().cloned());
    }

    /// The URI that the moved template made of this one of the new template.
    fn old_uri(&self, uri: &str) -> Option<String> {
        if uri == self.to {
            return Some(self.from.clone());
        }
        let [from, to] = &**self.templates.as_ref()?;
        from.expand(to.matches(uri)?.iter()).ok()
    }

    /// What is wrong with it, whatever the components are.
    fn own_problem(&self) -> Option<String> {
        let Self { kind, from, to, .. } = self;
        if *kind != Kind::Tool && !self.arguments.is_empty() {
            return Some(format!("renaming {kind} `{from}`: only arguments of tools can be mapped"));
        }
        if *kind == Kind::Resource && from != to && expressions(from) != expressions(to) {
            return Some(format!("moving `{from}` to `{to}`: both need the same `{{..}}` expressions"));
        }
        None
    }
}

enum Fate {
    Renamed,
    Ousted,
    Untouched,
}

/// The expressions of a template, sorted.
fn expressions(template: &str) -> Vec<&str> {
    let mut found: Vec<_> = template
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}').map(|(inside, _)| inside))
        .collect();
    found.sort_unstable();
    found
}

impl Transform for Rename {
    fn tool(&self, mut tool: Tool) -> Option<Tool> {
        match self.fate(Kind::Tool, &tool.common().name) {
            Fate::Untouched => Some(tool),
            Fate::Ousted => None,
            Fate::Renamed => {
                tool.common_mut().name.clone_from(&self.to);
                self.refine(tool.common_mut());
                // A tool that the map does not fit stays away: shown without it, callers could set what is fixed.
                self.arguments
                    .apply(tool)
                    .inspect_err(|problems| {
                        tracing::warn!(
                            problems = problems.join("; "),
                            "a tool is left out because its argument map does not fit"
                        );
                    })
                    .ok()
            }
        }
    }

    fn resource(&self, mut resource: Resource) -> Option<Resource> {
        match self.fate(Kind::Resource, resource.address().as_str()) {
            Fate::Untouched => Some(resource),
            Fate::Ousted => None,
            Fate::Renamed => {
                let common = resource.common_mut();
                if common.name == self.from {
                    common.name.clone_from(&self.to);
                }
                self.refine(common);
                resource.move_to(self.to.clone());
                Some(resource)
            }
        }
    }

    fn prompt(&self, mut prompt: Prompt) -> Option<Prompt> {
        match self.fate(Kind::Prompt, &prompt.common().name) {
            Fate::Untouched => Some(prompt),
            Fate::Ousted => None,
            Fate::Renamed => {
                let common = prompt.common_mut();
                common.name.clone_from(&self.to);
                self.refine(common);
                Some(prompt)
            }
        }
    }

    fn completion(&self, mut completion: Completion) -> Option<Completion> {
        let target = completion.target_mut();
        let kind = match target.kind {
            Kind::Template => Kind::Resource,
            kind => kind,
        };
        match self.fate(kind, &target.name) {
            Fate::Untouched => Some(completion),
            Fate::Ousted => None,
            Fate::Renamed => {
                target.name.clone_from(&self.to);
                Some(completion)
            }
        }
    }

    fn reverse(&self, kind: Kind, name: &str) -> Vec<String> {
        match (self.kind, kind) {
            (Kind::Resource, Kind::Resource | Kind::Template) => {
                // The URI of a moved resource may be one of another template all the same.
                let moved = self.old_uri(name).filter(|uri| uri != name);
                moved.into_iter().chain([name.to_owned()]).collect()
            }
            (ours, kind) if ours == kind && name == self.to => vec![self.from.clone()],
            (ours, kind) if ours == kind && name == self.from => Vec::new(),
            _ => vec![name.to_owned()],
        }
    }

    fn problems(&self, components: &Components) -> Vec<String> {
        let Self { kind, from, to, .. } = self;
        let ousts = |name: &str| matches!(self.fate(*kind, name), Fate::Ousted);
        let ousted = match kind {
            Kind::Tool => components.tools.iter().any(|tool| ousts(&tool.common().name)),
            Kind::Prompt => components.prompts.iter().any(|prompt| ousts(&prompt.common().name)),
            _ => components.resources.iter().any(|resource| ousts(resource.address().as_str())),
        };
        let mut problems: Vec<String> = self.own_problem().into_iter().collect();
        if ousted {
            problems.push(format!("renaming {kind} `{from}` to `{to}`: there is a {kind} `{to}` already"));
        }
        if *kind == Kind::Tool {
            for tool in components.tools.iter().filter(|tool| tool.common().name == *from) {
                problems.extend(self.arguments.problems(tool));
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn components(tools: Vec<Tool>, resources: Vec<Resource>) -> Components {
        Components { tools, resources, ..Components::default() }
    }

    #[test]
    fn the_old_name_is_no_more_and_others_stay() {
        let rename = Rename::prompt("review", "check").title("Check").tags(["new"]);
        let check = rename.prompt(Prompt::new("review").tags(["old"])).unwrap();
        assert_eq!(check.common().name, "check");
        assert_eq!(check.common().title.as_deref(), Some("Check"));
        assert_eq!(check.common().tags, ["new", "old"].map(String::from).into());
        assert_eq!(rename.prompt(Prompt::new("other")).unwrap().common().title, None);
        assert_eq!(rename.reverse(Kind::Prompt, "check"), ["review"]);
        assert!(rename.reverse(Kind::Prompt, "review").is_empty());
        assert_eq!(rename.reverse(Kind::Tool, "review"), ["review"], "only prompts are meant");
        assert_eq!(rename.completion(Completion::prompt("review", "text")).unwrap().target().name, "check");
    }

    #[test]
    fn a_component_is_refined_under_its_own_name() {
        let refine = Rename::tool("add", "add").description("Adds.");
        assert_eq!(refine.tool(Tool::new("add")).unwrap().common().description.as_deref(), Some("Adds."));
        assert_eq!(refine.reverse(Kind::Tool, "add"), ["add"]);
        assert!(refine.problems(&components(vec![Tool::new("add")], vec![])).is_empty());
    }

    #[test]
    fn uris_of_a_moved_template_lead_back() {
        let rename = Rename::resource("notes://{id}{?tag}", "memos://by-id/{id}{?tag}");
        let memo = rename.resource(Resource::new("notes://{id}{?tag}")).unwrap();
        assert_eq!(memo.key().to_string(), "template `memos://by-id/{id}{?tag}`");
        assert_eq!(memo.common().name, "memos://by-id/{id}{?tag}");
        assert_eq!(
            rename.reverse(Kind::Resource, "memos://by-id/a%20b?tag=x"),
            ["notes://a%20b?tag=x", "memos://by-id/a%20b?tag=x"]
        );
        let named = rename.resource(Resource::new("notes://{id}{?tag}").name("note")).unwrap();
        assert_eq!(named.common().name, "note");
    }

    #[test]
    fn mistakes_of_the_author_are_named() {
        let taken = components(
            vec![Tool::new("forecast"), Tool::new("weather")],
            vec![Resource::new("a://x"), Resource::new("b://x")],
        );
        for (rename, problem) in [
            (
                Rename::tool("forecast", "weather"),
                "renaming tool `forecast` to `weather`: there is a tool `weather` already",
            ),
            (
                Rename::resource("a://x", "b://x"),
                "renaming resource `a://x` to `b://x`: there is a resource `b://x` already",
            ),
            (
                Rename::tool("forecast", "f").hide_arg("q"),
                "tool `forecast`: takes no `q`, and no other arguments",
            ),
            (
                Rename::prompt("p", "q").fix_arg("x", json!(1)),
                "renaming prompt `p`: only arguments of tools can be mapped",
            ),
            (
                Rename::resource("a://{x}", "b://{y}"),
                "moving `a://{x}` to `b://{y}`: both need the same `{..}` expressions",
            ),
            (
                Rename::resource("a://x", "b://{y}"),
                "moving `a://x` to `b://{y}`: both need the same `{..}` expressions",
            ),
        ] {
            assert_eq!(rename.problems(&taken), [problem]);
        }
        assert!(Rename::tool("forecast", "sky").problems(&taken).is_empty());
    }

    #[test]
    fn a_tool_that_the_map_does_not_fit_is_left_out() {
        let rename = Rename::tool("query", "query").fix_arg("tenant", json!("a"));
        let changed =
            json!({ "type": "object", "properties": { "tenant_id": {} }, "additionalProperties": false });
        assert!(rename.tool(Tool::new("query").input_schema(changed)).is_none());
    }
}
