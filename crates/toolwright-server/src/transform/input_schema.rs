//! What an argument map does to the schema of a tool's arguments.
use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use toolwright_core::Raw;

use super::{
    arguments::{Edit, Source},
    members::Members,
};
use crate::arguments::check::{Mistake, Path, check};

type Edits = [(String, Edit)];

/// The schema that callers see.
pub(super) fn outer(schema: &Raw, edits: &Edits) -> Raw {
    moved(&annotated(schema, edits), edits)
}

fn properties(schema: &Raw) -> Members<Raw> {
    let read = |schema: &Raw| schema.read::<Members<Raw>>().ok()?.value("properties")?.read().ok();
    read(schema).unwrap_or(Members(Vec::new()))
}

fn find<'e>(edits: &'e Edits, name: &str) -> Option<&'e Edit> {
    edits.iter().find(|(argument, _)| argument == name).map(|(_, edit)| edit)
}

fn raw(value: &(impl Serialize + ?Sized)) -> Raw {
    Raw::serialize(value).expect("lists and members of JSON are JSON")
}

/// Sets descriptions and defaults.
fn annotated(schema: &Raw, edits: &Edits) -> Raw {
    let Ok(mut members) = schema.read::<Members<Raw>>() else { return schema.clone() };
    let mut properties = properties(schema);
    for (name, property) in &mut properties.0 {
        let Some(edit) = find(edits, name) else { continue };
        // `true` is a schema, too, and says as much as no keyword.
        let mut keywords = property.read().unwrap_or(Members(Vec::new()));
        if let Some(description) = &edit.description {
            keywords.put("description", raw(description));
        }
        if let Source::Default(value) = &edit.source {
            keywords.put("default", value.clone());
        }
        if edit.description.is_some() || matches!(edit.source, Source::Default(_)) {
            *property = raw(&keywords);
        }
    }
    if members.value("properties").is_some() {
        members.put("properties", raw(&properties));
    }
    raw(&members)
}

/// Renames and removes arguments wherever keywords that apply to the same object name them.
fn moved(schema: &Raw, edits: &Edits) -> Raw {
    let Ok(mut members) = schema.read::<Members<Raw>>() else { return schema.clone() };
    for (keyword, value) in &mut members.0 {
        *value = match keyword.as_str() {
            "properties" | "default" => keyed(value, edits, Raw::clone),
            "required" => listed(value, edits),
            "dependentRequired" => keyed(value, edits, |names| listed(names, edits)),
            "dependentSchemas" => keyed(value, edits, |schema| moved(schema, edits)),
            "dependencies" => keyed(value, edits, |either| match either.is_object() {
                true => moved(either, edits),
                false => listed(either, edits),
            }),
            "allOf" | "anyOf" | "oneOf" => each(value, |schema| moved(schema, edits)),
            "if" | "then" | "else" | "not" => moved(value, edits),
            "examples" => each(value, |example| keyed(example, edits, Raw::clone)),
            _ => continue,
        };
    }
    members.0.retain(|(keyword, value)| keyword != "required" || value.as_str() != "[]");
    raw(&members)
}

/// An object with arguments as names.
fn keyed(object: &Raw, edits: &Edits, change: impl Fn(&Raw) -> Raw) -> Raw {
    let Ok(members) = object.read::<Members<Raw>>() else { return object.clone() };
    let outer = members.0.into_iter().filter_map(|(name, value)| match find(edits, &name) {
        Some(edit) if edit.is_hidden() => None,
        Some(Edit { name: Some(name), .. }) => Some((name.clone(), change(&value))),
        Some(_) | None => Some((name, change(&value))),
    });
    raw(&Members(outer.collect()))
}

/// A list of arguments that callers have to send.
fn listed(names: &Raw, edits: &Edits) -> Raw {
    let Ok(names) = names.read::<Vec<String>>() else { return names.clone() };
    let outer = names.iter().filter_map(|name| match find(edits, name) {
        Some(edit) if edit.is_hidden() || matches!(edit.source, Source::Default(_)) => None,
        Some(Edit { name: Some(name), .. }) => Some(name),
        Some(_) | None => Some(name),
    });
    raw(&outer.collect::<Vec<_>>())
}

fn each(items: &Raw, change: impl Fn(&Raw) -> Raw) -> Raw {
    match items.read::<Vec<Raw>>() {
        Ok(items) => raw(&items.iter().map(change).collect::<Vec<_>>()),
        Err(_) => items.clone(),
    }
}

/// What is wrong with the edits for a tool with this schema. A schema that is no object is another's problem.
pub(super) fn problems(schema: &Raw, edits: &Edits) -> Vec<String> {
    let Ok(members) = schema.read::<Members<Raw>>() else { return Vec::new() };
    let properties = properties(schema);
    let open = members.value("additionalProperties").is_none_or(|more| more.as_str() != "false");
    let required: Vec<String> =
        members.value("required").and_then(|names| names.read().ok()).unwrap_or_default();
    let mut problems = Vec::new();
    for (name, edit) in edits {
        let known = properties.value(name).is_some() || (open && matches!(edit.source, Source::Fixed(_)));
        if !known {
            problems.push(match properties.0.as_slice() {
                [] => format!("takes no `{name}`, and no other arguments"),
                _ => format!("takes no `{name}`, but {}", quoted(properties.names())),
            });
        }
        if edit.is_hidden() && (edit.name.is_some() || edit.description.is_some()) {
            problems.push(format!("`{name}` is hidden from callers, who need no name or description of it"));
        }
        if matches!(edit.source, Source::Nobody) && required.contains(name) {
            problems.push(format!("`{name}` is required and cannot be hidden; fix it to a value"));
        }
    }
    let mut names = BTreeSet::new();
    let mut doubles = BTreeSet::new();
    for name in properties.names() {
        match find(edits, name) {
            Some(edit) if edit.is_hidden() => {}
            edit => {
                let name = edit.and_then(|edit| edit.name.as_deref()).unwrap_or(name);
                if !names.insert(name) {
                    doubles.insert(name);
                }
            }
        }
    }
    problems.extend(doubles.iter().map(|name| format!("two arguments are called `{name}`")));
    problems.extend(misfits(schema, edits));
    problems.extend(dangling(schema, edits));
    problems
}

/// Values of the map that the tool will not take.
fn misfits(schema: &Raw, edits: &Edits) -> Vec<String> {
    let values = edits.iter().filter_map(|(name, edit)| match &edit.source {
        Source::Fixed(value) | Source::Default(value) => Some((name, value)),
        Source::Caller | Source::Nobody => None,
    });
    let values: Vec<_> = values.collect();
    let sent = Members(values.iter().map(|(name, value)| ((*name).clone(), *value)).collect());
    let (Ok(schema), Ok(sent)) = (schema.read::<Value>(), raw(&sent).read::<Value>()) else {
        return Vec::new();
    };
    let mistakes = check(&schema, &sent);
    let mut problems = Vec::new();
    for (name, _) in values {
        let path = Path::Root.member(name).to_string();
        let ours = |mistake: &&Mistake| {
            mistake
                .path
                .strip_prefix(&path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        };
        // An unknown name is reported already.
        if let Some(mistake) =
            mistakes.iter().find(ours).filter(|mistake| !mistake.text.starts_with("unknown"))
        {
            problems.push(format!("the value for `{name}` does not fit: {}", mistake.text));
        }
    }
    problems
}

/// References of the schema to itself that would lead to nothing, or to something else.
fn dangling(schema: &Raw, edits: &Edits) -> Option<String> {
    let moves = |name: &str| find(edits, name).is_some_and(|edit| edit.is_hidden() || edit.name.is_some());
    if !edits.iter().any(|(name, _)| moves(name)) {
        return None;
    }
    let broken = |reference: &str| match reference.strip_prefix("#/properties/") {
        Some(rest) => {
            let name = rest.split('/').next().unwrap_or_default();
            moves(&name.replace("~1", "/").replace("~0", "~"))
        }
        None => reference == "#",
    };
    let reference = reference(&schema.read().ok()?, &broken)?;
    Some(format!(
        "its schema refers to itself by `{reference}`, which the map would break; put that part under `$defs`"
    ))
}

fn reference(schema: &Value, wanted: &impl Fn(&str) -> bool) -> Option<String> {
    match schema {
        Value::Object(members) => members.iter().find_map(|(keyword, value)| match value {
            Value::String(text) if keyword == "$ref" && wanted(text) => Some(text.clone()),
            value => reference(value, wanted),
        }),
        Value::Array(items) => items.iter().find_map(|item| reference(item, wanted)),
        _ => None,
    }
}

fn quoted<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{super::ArgumentMap, *};
    use crate::Tool;

    fn outer_text(map: &ArgumentMap, schema: &str) -> String {
        map.apply(Tool::new("t").input_schema(Raw::parse(schema).unwrap()))
            .unwrap()
            .schema()
            .as_str()
            .to_owned()
    }

    #[test]
    fn order_and_unknown_keywords_and_big_numbers_stay() {
        let schema = r#"{"x-later":[1.50],"required":["b","a"],"properties":{"b":{"maximum":12345678901234567890123,"x":null},"a":true},"type":"object"}"#;
        let map = ArgumentMap::new().rename("b", "z").describe("a", "Any.").describe("b", "All.");
        assert_eq!(
            outer_text(&map, schema),
            r#"{"x-later":[1.50],"required":["z","a"],"properties":{"z":{"maximum":12345678901234567890123,"x":null,"description":"All."},"a":{"description":"Any."}},"type":"object"}"#
        );
    }

    #[test]
    fn a_default_is_no_longer_required() {
        let schema =
            r#"{"type":"object","properties":{"n":{"default":1,"type":"integer"}},"required":["n"]}"#;
        assert_eq!(
            outer_text(&ArgumentMap::new().default_to("n", json!(10)), schema),
            r#"{"type":"object","properties":{"n":{"default":10,"type":"integer"}}}"#
        );
    }

    #[test]
    fn keywords_that_name_arguments_follow() {
        let schema = json!({
            "type": "object",
            "properties": { "q": {}, "id": {}, "units": {} },
            "anyOf": [{ "required": ["q", "units"] }, { "required": ["id"], "properties": { "q": false } }],
            "dependentRequired": { "q": ["units", "id"], "units": ["q"] },
            "if": { "properties": { "q": { "const": 1 } } },
            "examples": [{ "q": 1, "units": "metric" }],
            "patternProperties": { "^q$": { "properties": { "q": {} } } },
        });
        let map = ArgumentMap::new().rename("q", "query").fix("units", json!("metric"));
        let tool = map.apply(Tool::new("t").input_schema(schema)).unwrap();
        assert_eq!(
            tool.schema().read::<Value>().unwrap(),
            json!({
                "type": "object",
                "properties": { "query": {}, "id": {} },
                "anyOf": [{ "required": ["query"] }, { "required": ["id"], "properties": { "query": false } }],
                "dependentRequired": { "query": ["id"] },
                "if": { "properties": { "query": { "const": 1 } } },
                "examples": [{ "query": 1 }],
                "patternProperties": { "^q$": { "properties": { "q": {} } } },
            })
        );
    }

    #[test]
    fn a_reference_that_would_break_is_a_mistake() {
        for (target, ok) in
            [("#/properties/q", false), ("#", false), ("#/properties/n", true), ("#/$defs/q", true)]
        {
            let schema =
                json!({ "type": "object", "properties": { "q": {}, "n": { "items": { "$ref": target } } } });
            let tool = Tool::new("t").input_schema(schema);
            assert_eq!(ArgumentMap::new().rename("q", "query").apply(tool.clone()).is_ok(), ok, "{target}");
            assert!(ArgumentMap::new().describe("q", "Query.").apply(tool).is_ok());
        }
    }
}
