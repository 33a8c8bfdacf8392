use serde_json::{Value, json};
use toolwright_server::{core::Raw, respond::wrap};

fn wrapped(schema: Value) -> Value {
    wrap::wrapped_schema(&Raw::from(schema)).read().unwrap()
}

#[test]
fn only_what_says_that_it_is_an_object_stays() {
    for (schema, wraps) in [
        (json!({ "type": "object" }), false),
        (json!({ "properties": {}, "type": "object" }), false),
        (json!({ "type": "array" }), true),
        (json!({ "type": ["object", "null"] }), true),
        (json!({ "properties": { "type": { "type": "object" } } }), true),
        (json!({}), true),
        (json!(true), true),
    ] {
        assert_eq!(wrap::needs_wrap(&Raw::from(&schema)), wraps, "{schema}");
    }
}

#[test]
fn references_still_lead_to_what_they_led_to() {
    assert_eq!(
        wrapped(json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "array",
            "items": { "anyOf": [{ "$ref": "#/$defs/Node" }, { "$ref": "#" }, { "$ref": "#/items" }] },
            "$defs": { "Node": { "properties": { "next": { "$ref": "#/$defs/Node" }, "all": { "$ref": "#" } } } },
            "default": [{ "$ref": "#" }],
        })),
        json!({
            "type": "object",
            "properties": { "result": {
                "type": "array",
                "items": { "anyOf": [
                    { "$ref": "#/$defs/Node" }, { "$ref": "#/properties/result" }, { "$ref": "#/properties/result/items" },
                ] },
                "default": [{ "$ref": "#" }],
            } },
            "required": ["result"],
            "x-fastmcp-wrap-result": true,
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "$defs": {
                "Node": { "properties": { "next": { "$ref": "#/$defs/Node" }, "all": { "$ref": "#/properties/result" } } },
            },
        })
    );
}

#[test]
fn a_schema_with_a_uri_of_its_own_stays_whole() {
    let own = json!({ "$id": "https://example.org/list", "items": { "$ref": "#/$defs/A" }, "$defs": { "A": true } });
    assert_eq!(wrapped(own.clone())["properties"]["result"], own);
}

#[test]
fn values_are_wrapped_without_being_read() {
    let value = Raw::parse("[ 1,2.50 ]").unwrap();
    assert_eq!(wrap::wrapped_value(&value).as_str(), r#"{"result":[ 1,2.50 ]}"#);
}
