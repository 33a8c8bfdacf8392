//! Lists and look-ups agree, live and compiled, through any stack of transforms.
use proptest::{collection::vec, prelude::*, sample::select, sample::subsequence};
use serde_json::json;
use toolwright_core::uri::UriTemplate;

use super::{ArgumentMap, Namespace, Rename, Selector, SharedTransform, Stack, Visibility};
use crate::{
    Completion, Prompt, Resource, Tool,
    component::{Address, Common, Components, Kind},
    provider::{Caller, Live, Provider, ProviderError, SharedProvider},
};

const NAMES: [&str; 6] = ["a", "b", "ns_a", "ns_b", "ns_ns_a", "m_a"];
const URIS: [&str; 9] =
    ["s://a", "s://b", "s://ns/a", "s://ns/ns/a", "s://a/x", "s:/a", "s:/ns/a", "s:a", "s:ns:a"];
const TEMPLATES: [&str; 6] =
    ["s://{id}", "s://ns/{id}", "s://m/{id}", "s://{id}/x", "s://ns/{id}/x", "r:{id}"];
const TAGS: [&str; 2] = ["t", "u"];
const ARGUMENTS: [&str; 3] = ["q", "n", "units"];

/// A live provider that has what it was given.
struct Given(Components);

impl Provider for Given {
    fn name(&self) -> String {
        "given".into()
    }

    async fn tools(&self, _: &Caller) -> Result<Vec<Tool>, ProviderError> {
        Ok(self.0.tools.clone())
    }

    async fn resources(&self, _: &Caller) -> Result<Vec<Resource>, ProviderError> {
        Ok(self.0.resources.clone())
    }

    async fn prompts(&self, _: &Caller) -> Result<Vec<Prompt>, ProviderError> {
        Ok(self.0.prompts.clone())
    }

    async fn completions(&self, _: &Caller) -> Result<Vec<Completion>, ProviderError> {
        Ok(self.0.completions.clone())
    }
}

fn tags() -> impl Strategy<Value = Vec<&'static str>> {
    subsequence(TAGS.to_vec(), 0..=TAGS.len())
}

fn version() -> impl Strategy<Value = Option<&'static str>> {
    select(vec![None, Some("1"), Some("2")])
}

fn marked(common: &mut Common, tags: Vec<&str>, version: Option<&str>) {
    common.tags = tags.into_iter().map(String::from).collect();
    common.version = version.map(String::from);
}

fn tool() -> impl Strategy<Value = Tool> {
    let arguments = subsequence(ARGUMENTS.to_vec(), 0..=ARGUMENTS.len());
    (select(&NAMES[..]), tags(), version(), arguments, any::<bool>()).prop_map(|(name, tags, version, names, open)| {
        let properties: serde_json::Map<_, _> = names.iter().map(|name| ((*name).into(), json!({}))).collect();
        let required: Vec<_> = names.iter().take(1).collect();
        let schema = json!({
            "type": "object", "properties": properties, "required": required, "additionalProperties": open,
        });
        let mut tool = Tool::new(name).input_schema(schema);
        marked(tool.common_mut(), tags, version);
        tool
    })
}

fn resource() -> impl Strategy<Value = Resource> {
    let address = prop_oneof![select(&URIS[..]), select(&TEMPLATES[..])];
    (address, tags(), version(), any::<bool>()).prop_map(|(address, tags, version, named)| {
        let mut resource = Resource::new(address);
        if named {
            // Unlike any other name, so that completions by name belong to one template.
            resource = resource.name(format!("the one at {}", address.replace(['{', '}', '/', ':'], "-")));
        }
        marked(resource.common_mut(), tags, version);
        resource
    })
}

fn prompt() -> impl Strategy<Value = Prompt> {
    (select(&NAMES[..]), tags(), version()).prop_map(|(name, tags, version)| {
        let mut prompt = Prompt::new(name);
        marked(prompt.common_mut(), tags, version);
        prompt
    })
}

/// Components of all kinds, with a completion for each prompt and template.
fn components() -> impl Strategy<Value = Components> {
    (vec(tool(), 0..6), vec(resource(), 0..8), vec(prompt(), 0..5)).prop_map(|(tools, resources, prompts)| {
        let mut all = Components { tools, resources, prompts, completions: Vec::new() };
        all.tools.sort_by_key(Tool::key);
        all.tools.dedup_by_key(|tool| tool.key());
        all.resources.sort_by_key(Resource::key);
        all.resources.dedup_by_key(|resource| resource.key());
        all.prompts.sort_by_key(Prompt::key);
        all.prompts.dedup_by_key(|prompt| prompt.key());
        let templates = all.resources.iter().filter(|resource| resource.key().kind == Kind::Template);
        let templates = templates.map(|template| Completion::resource(&template.common().name, "id"));
        all.completions = templates.collect();
        all.completions
            .extend(all.prompts.iter().map(|prompt| Completion::prompt(&prompt.common().name, "x")));
        all
    })
}

fn argument_map() -> impl Strategy<Value = ArgumentMap> {
    let edit = (select(&ARGUMENTS[..]), select(&["q", "x", "y"][..]), 0..5_u8);
    vec(edit, 0..3).prop_map(|edits| {
        edits.into_iter().fold(ArgumentMap::new(), |map, (argument, name, what)| match what {
            0 => map.rename(argument, name),
            1 => map.fix(argument, json!(name)),
            2 => map.default_to(argument, json!(name)),
            3 => map.hide(argument),
            _ => map.describe(argument, name),
        })
    })
}

fn selector() -> impl Strategy<Value = Selector> {
    prop_oneof![
        Just(Selector::all()),
        select(&NAMES[..]).prop_map(|name| Selector::names([name])),
        select(&URIS[..]).prop_map(|uri| Selector::names([uri])),
        select(&TAGS[..]).prop_map(|tag| Selector::tags([tag])),
        select(&TAGS[..]).prop_map(|tag| Selector::tags([tag]).kind(Kind::Tool).version("1")),
        Just(Selector::kinds([Kind::Template, Kind::Prompt])),
    ]
}

/// Two templates with the same expressions; those of `TEMPLATES` all have one.
fn addresses() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop_oneof![(select(&URIS[..]), select(&URIS[..])), (select(&TEMPLATES[..]), select(&TEMPLATES[..]))]
}

fn transform() -> impl Strategy<Value = SharedTransform> {
    prop_oneof![
        select(&["ns", "m"][..]).prop_map(|name| SharedTransform::new(Namespace::new(name))),
        (select(&NAMES[..]), select(&NAMES[..]), argument_map()).prop_map(|(from, to, map)| {
            SharedTransform::new(Rename::tool(from, to).title("T").tags(["t"]).arguments(map))
        }),
        (select(&NAMES[..]), select(&NAMES[..]))
            .prop_map(|(from, to)| SharedTransform::new(Rename::prompt(from, to).description("D"))),
        addresses().prop_map(|(from, to)| SharedTransform::new(Rename::resource(from, to).tags(["u"]))),
        selector().prop_map(|selector| SharedTransform::new(Visibility::hide(selector))),
        selector().prop_map(|selector| SharedTransform::new(Visibility::show(selector))),
        selector().prop_map(|selector| SharedTransform::new(Visibility::only(selector))),
    ]
}

/// All that transforms can change, as text to compare.
fn looks(common: &Common, rest: &str) -> String {
    let Common { name, title, description, tags, version, hidden, .. } = common;
    format!("{name} {title:?} {description:?} {tags:?} {version:?} {hidden} {rest}")
}

fn tool_looks(tool: &Tool) -> String {
    looks(tool.common(), tool.schema().as_str())
}

fn resource_looks(resource: &Resource) -> String {
    looks(resource.common(), &format!("{:?}", resource.address()))
}

fn prompt_looks(prompt: &Prompt) -> String {
    looks(prompt.common(), "")
}

fn all<T>(items: &[T], looks: impl Fn(&T) -> String) -> Vec<String> {
    items.iter().map(looks).collect()
}

/// Those that `wanted` picks, in any order.
fn some<T>(items: &[T], wanted: impl Fn(&T) -> bool, looks: impl Fn(&T) -> String) -> Vec<String> {
    let mut found: Vec<_> = items.iter().filter(|item| wanted(item)).map(looks).collect();
    found.sort();
    found
}

/// Names that may be looked up: known ones, listed ones, and what namespaces make of both.
fn names<'a>(listed: impl Iterator<Item = &'a str>) -> Vec<String> {
    let listed = listed.chain(NAMES).chain(["nowhere", "", "ns_"]);
    let mut names: Vec<_> =
        listed.flat_map(|name| [name.to_owned(), format!("ns_{name}"), format!("m_{name}")]).collect();
    names.sort();
    names.dedup();
    names
}

/// URIs that may be looked up, with some that templates make.
fn uris(listed: &[Resource]) -> Vec<String> {
    let listed = listed.iter().map(|resource| resource.address().as_str()).chain(URIS).chain(TEMPLATES);
    let mut uris: Vec<String> = listed
        .flat_map(|address| match UriTemplate::parse(address) {
            Ok(template) if address.contains('{') => {
                ["a", "v", "ns", "a b"].into_iter().map(|id| template.expand([("id", id)]).unwrap()).collect()
            }
            _ => vec![address.to_owned(), format!("{address}/x")],
        })
        .collect();
    uris.sort();
    uris.dedup();
    uris
}

/// Whether a completion is one of this component.
fn completes(completion: &Completion, kind: Kind, name: &str, address: Option<&str>) -> bool {
    let target = completion.target();
    target.kind == kind && (target.name == name || Some(target.name.as_str()) == address)
}

async fn check(inner: Components, transforms: Vec<SharedTransform>) -> Result<(), TestCaseError> {
    let stack = Stack::new(transforms.clone());
    let live = Live::new(SharedProvider::new(Given(inner.clone())), transforms);
    let caller = Caller::new(&crate::context::testing::context());
    let compiled = stack.components(inner.clone());
    let tools = live.tools(&caller).await.outcome.unwrap();
    let resources = live.resources(&caller).await.outcome.unwrap();
    let prompts = live.prompts(&caller).await.outcome.unwrap();
    let completions = live.completions(&caller).await.outcome.unwrap();

    prop_assert_eq!(all(&tools, tool_looks), all(&compiled.tools, tool_looks));
    prop_assert_eq!(all(&resources, resource_looks), all(&compiled.resources, resource_looks));
    prop_assert_eq!(all(&prompts, prompt_looks), all(&compiled.prompts, prompt_looks));
    let target = |completion: &Completion| format!("{:?}", completion.target());
    prop_assert_eq!(all(&completions, target), all(&compiled.completions, target));

    for name in names(tools.iter().map(|tool| tool.common().name.as_str())) {
        let found = live.tool(&caller, &name).await.outcome.unwrap();
        let listed = some(&tools, |tool| tool.common().name == name, tool_looks);
        prop_assert_eq!(some(&found, |_| true, tool_looks), listed, "tool {}", name);
    }
    for name in names(prompts.iter().map(|prompt| prompt.common().name.as_str())) {
        let found = live.prompt(&caller, &name).await.outcome.unwrap();
        let listed = some(&prompts, |prompt| prompt.common().name == name, prompt_looks);
        prop_assert_eq!(some(&found, |_| true, prompt_looks), listed, "prompt {}", name);
    }
    for uri in uris(&resources) {
        let found = live.resource(&caller, &uri).await.outcome.unwrap();
        let listed = some(&resources, |resource| resource.address().leads_to(&uri), resource_looks);
        prop_assert_eq!(some(&found, |_| true, resource_looks), listed, "resource {}", uri);
    }

    for tool in &inner.tools {
        if let Some(outer) = stack.tool(tool.clone()) {
            let back = stack.reverse(Kind::Tool, &outer.common().name);
            prop_assert_eq!(back, [tool.common().name.as_str()]);
        }
    }
    for resource in &inner.resources {
        let Some(outer) = stack.resource(resource.clone()) else { continue };
        let (key, address) = (resource.key(), outer.address().as_str());
        prop_assert!(
            stack.reverse(key.kind, address).contains(&key.name),
            "{} leads back to {}",
            address,
            key.name
        );
        let is_template = matches!(outer.address(), Address::Template(_));
        let kept =
            completions.iter().any(|it| completes(it, Kind::Template, &outer.common().name, Some(address)));
        prop_assert!(kept || !is_template, "{} keeps its completion", address);
    }
    for prompt in &inner.prompts {
        let Some(outer) = stack.prompt(prompt.clone()) else { continue };
        let name = &outer.common().name;
        prop_assert_eq!(stack.reverse(Kind::Prompt, name), [prompt.common().name.as_str()]);
        prop_assert!(
            completions.iter().any(|it| completes(it, Kind::Prompt, name, None)),
            "{} keeps it",
            name
        );
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn lists_and_look_ups_agree(components in components(), transforms in vec(transform(), 0..5)) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        runtime.block_on(check(components, transforms))?;
    }
}
