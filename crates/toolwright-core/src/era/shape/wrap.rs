use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json, value::RawValue};

use crate::Raw;

/// The mark by which clients know that `result` is not the author's member; the Python framework's clients look for it, too.
const MARK: &str = "x-fastmcp-wrap-result";

/// Whether this output schema allows anything but objects.
pub(super) fn is_needed(schema: &Raw) -> bool {
    // Asked for each call, so all but this member is skipped and not read.
    #[derive(Deserialize)]
    struct Root<'a> {
        #[serde(rename = "type", borrow)]
        kind: Option<&'a RawValue>,
    }
    let root: Option<Root<'_>> = schema.read().ok();
    root.and_then(|root| root.kind).is_none_or(|kind| kind.get() != "\"object\"")
}

/// The schema of an object whose `result` is of this schema. Local definitions move up, and references from the root follow.
pub(super) fn schema(schema: &Raw) -> Raw {
    let Ok(mut inner) = schema.read::<Value>() else { return schema.clone() };
    let mut hoisted = Map::new();
    // A schema with a URI of its own is a world of its own: its references stay right where they are.
    if let Some(object) = inner.as_object_mut()
        && !object.contains_key("$id")
    {
        for keyword in ["$schema", "$defs", "definitions"] {
            hoisted.extend(object.shift_remove_entry(keyword));
        }
        follow(&mut inner);
        hoisted.values_mut().for_each(follow);
    }
    let mut outer =
        json!({ "type": "object", "properties": { "result": inner }, "required": ["result"], (MARK): true });
    if let Some(outer) = outer.as_object_mut() {
        outer.extend(hoisted);
    }
    Raw::from(outer)
}

/// Moves references that count from the root to where the old root is now.
fn follow(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            if object.contains_key("$id") {
                return;
            }
            if let Some(Value::String(reference)) = object.get_mut("$ref")
                && let Some(pointer) = reference.strip_prefix('#')
                && (pointer.is_empty() || pointer.starts_with('/'))
                && !pointer.starts_with("/$defs/")
                && !pointer.starts_with("/definitions/")
            {
                *reference = format!("#/properties/result{pointer}");
            }
            for (keyword, value) in object.iter_mut() {
                if !matches!(keyword.as_str(), "const" | "enum" | "default" | "examples") {
                    follow(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(follow),
        _ => {}
    }
}

/// The value as the member `result` of an object.
pub(super) fn value(value: &Raw) -> Raw {
    #[derive(Serialize)]
    struct Wrapped<'a> {
        result: &'a Raw,
    }
    Raw::serialize(&Wrapped { result: value }).expect("a JSON value in an object is JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_says_that_it_is_an_object_stays_as_it_is() {
        for (schema, wraps) in [
            (json!({ "properties": {}, "type": "object" }), false),
            (json!({ "type": "array" }), true),
            (json!({ "type": ["object", "null"] }), true),
            (json!({ "properties": { "type": { "type": "object" } } }), true),
            (json!({}), true),
            (json!(true), true),
        ] {
            assert_eq!(is_needed(&Raw::from(&schema)), wraps, "{schema}");
        }
    }

    #[test]
    fn references_still_lead_to_what_they_led_to() {
        let list = json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "array",
            "items": { "anyOf": [{ "$ref": "#/$defs/Node" }, { "$ref": "#" }, { "$ref": "#/items" }] },
            "$defs": { "Node": { "properties": { "next": { "$ref": "#/$defs/Node" }, "all": { "$ref": "#" } } } },
            "default": [{ "$ref": "#" }],
        });
        let result = json!({
            "type": "array",
            "items": { "anyOf": [
                { "$ref": "#/$defs/Node" }, { "$ref": "#/properties/result" }, { "$ref": "#/properties/result/items" },
            ] },
            "default": [{ "$ref": "#" }],
        });
        assert_eq!(
            schema(&Raw::from(list)),
            Raw::from(json!({
                "type": "object",
                "properties": { "result": result },
                "required": ["result"],
                "x-fastmcp-wrap-result": true,
                "$schema": "https://json-schema.org/draft/2020-12/schema",
                "$defs": { "Node": { "properties": {
                    "next": { "$ref": "#/$defs/Node" }, "all": { "$ref": "#/properties/result" },
                } } },
            }))
        );
    }

    #[test]
    fn a_schema_with_a_uri_of_its_own_stays_whole() {
        let own = json!({ "$id": "https://example.org/a", "items": { "$ref": "#/$defs/A" }, "$defs": { "A": true } });
        let wrapped: Value = schema(&Raw::from(&own)).read().unwrap();
        assert_eq!(wrapped["properties"]["result"], own);
    }

    #[test]
    fn values_are_wrapped_as_they_are_written() {
        assert_eq!(value(&Raw::parse("[ 1,2.50 ]").unwrap()).as_str(), r#"{"result":[ 1,2.50 ]}"#);
    }
}
