use std::{any::TypeId, collections::HashSet};

use serde_json::Value;
use toolwright_core::{
    Raw,
    model::meta,
    uri::{self, UriTemplate},
};

use crate::{
    Completion, Prompt, Resource, Tool,
    component::{Address, Common, ComponentKey, Components, Kind},
};

/// Longest name of a tool ("Tools", "Tool Names").
const LONGEST_NAME: usize = 128;

/// Mistakes of the author in what clients would see; each text names the component.
pub(crate) fn problems(
    shown: &Components,
    keeps_sessions: bool,
    has_state: impl Fn(TypeId) -> bool,
) -> Vec<String> {
    let mut problems = Vec::new();
    let mut seen = HashSet::new();
    let mut check = |key: ComponentKey, common: &Common, has_handler: bool, own: Vec<String>| {
        let mut add = |text: String| problems.push(format!("{key}: {text}"));
        own.into_iter().for_each(&mut add);
        if !has_handler {
            add("it has no handler; give it one with `.handler(..)`".into());
        }
        for (id, name) in common.needs.states() {
            if !has_state(id) {
                add(format!("its handler needs state of type `{name}`; add `.state(..)` to the builder"));
            }
        }
        if common.needs.needs_session() && !keeps_sessions {
            add("its handler takes a `Session<T>`, but no caller of this server has a session or is authenticated; add \
                 `.auth(..)`, serve an older revision as well, or take a `Handle<T>` argument instead"
                .into());
        }
        for name in common.meta.iter().flat_map(|meta| meta.iter().map(|(name, _)| name)) {
            if let Err(error) = meta::check_key(name) {
                add(error.to_string());
            }
        }
        if !seen.insert(key.clone()) {
            add("there are two of them; rename one, or give them different versions".into());
        }
    };
    for tool in &shown.tools {
        check(tool.key(), tool.common(), tool.has_handler(), of_tool(tool));
    }
    for resource in &shown.resources {
        check(resource.key(), resource.common(), resource.has_handler(), of_resource(resource));
    }
    for prompt in &shown.prompts {
        check(prompt.key(), prompt.common(), prompt.has_handler(), of_prompt(prompt));
    }
    let mut completed = HashSet::new();
    for completion in &shown.completions {
        let target = completion.target();
        let of = format!("completion of {} `{}`", target.kind, target.name);
        problems.extend(of_completion(completion, shown).map(|text| format!("{of}: {text}")));
        if !completion.has_handler() {
            problems.push(format!("{of}: it has no handler; give it one with `.handler(..)`"));
        }
        if !completed.insert(target) {
            problems.push(format!("{of}: there are two for `{}`; remove one", target.argument));
        }
    }
    problems
}

fn of_tool(tool: &Tool) -> Vec<String> {
    let mut problems = Vec::new();
    let name = &tool.common().name;
    let legal = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '_' | '-' | '.');
    if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(legal) {
        problems.push(format!("a tool's name has 1 to {LONGEST_NAME} letters, digits, `_`, `-` or `.`"));
    }
    if let Some(problem) = schema(tool.schema(), true) {
        problems.push(format!("its input schema {problem}"));
    }
    if let Some(problem) = tool.result_schema().and_then(|output| schema(output, false)) {
        problems.push(format!("its output schema {problem}"));
    }
    problems.extend(tool.checks().bindings(tool.schema()).err().into_iter().flatten().cloned());
    problems.extend(tool.checks().problems(tool));
    problems
}

fn schema(raw: &Raw, is_object: bool) -> Option<&'static str> {
    match raw.read::<Value>() {
        Ok(Value::Object(schema)) if is_object && schema.get("type") != Some(&Value::from("object")) => {
            Some("must have `\"type\": \"object\"` at its root")
        }
        Ok(Value::Object(_)) => None,
        _ => Some("must be a JSON object"),
    }
}

fn of_resource(resource: &Resource) -> Vec<String> {
    match resource.address() {
        Address::Uri(text) => uri::validate(text).err().map(|error| error.to_string()),
        Address::Template(text) => UriTemplate::parse(text).err().map(|error| error.to_string()),
    }
    .into_iter()
    .collect()
}

fn of_prompt(prompt: &Prompt) -> Vec<String> {
    let mut names = HashSet::new();
    let mut problems: Vec<_> = prompt
        .takes()
        .iter()
        .filter(|argument| !names.insert(&argument.name))
        .map(|argument| format!("it takes the argument `{}` twice", argument.name))
        .collect();
    if prompt.common().name.is_empty() {
        problems.push("a prompt needs a name".into());
    }
    problems
}

fn of_completion(completion: &Completion, shown: &Components) -> Option<String> {
    let target = completion.target();
    let argument = &target.argument;
    match target.kind {
        Kind::Prompt => {
            let prompt = shown.prompts.iter().find(|prompt| prompt.common().name == target.name);
            match prompt {
                None => Some("there is no such prompt".into()),
                Some(prompt) if prompt.takes().iter().all(|known| known.name != *argument) => {
                    Some(format!("it takes no argument `{argument}`"))
                }
                Some(_) => None,
            }
        }
        _ => {
            let template = shown.resources.iter().find(|resource| resource.address().as_str() == target.name);
            match template.map(|template| UriTemplate::parse(template.address().as_str())) {
                None => Some("there is no such template".into()),
                Some(Ok(template)) if template.variables().all(|known| known != argument) => {
                    Some(format!("it has no variable `{argument}`"))
                }
                // A malformed template has its own line.
                Some(_) => None,
            }
        }
    }
}
