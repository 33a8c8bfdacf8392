use serde_json::{Value, json};
use toolwright_server::arguments::{coerce::coerce, diagnose::diagnose};

use super::types::{Booking, Drawing, When, input};

fn coerced(schema: &Value, arguments: Value) -> Option<Value> {
    let bytes = coerce(schema, arguments.to_string().as_bytes())?;
    Some(serde_json::from_slice(&bytes).unwrap())
}

#[test]
fn arguments_that_fit_are_left_alone() {
    let booking = input::<Booking>();
    assert_eq!(coerced(&booking, json!({ "show": "7", "seats": 2, "notes": { "a": "true" } })), None);
    assert_eq!(coerced(&booking, json!({ "show": "null", "seats": 2 })), None);
}

#[test]
fn strings_are_parsed_only_where_the_schema_wants_something_else() {
    let booking = input::<Booking>();
    assert_eq!(
        coerced(
            &booking,
            json!({ "show": "[1]", "seats": " 2 ", "aisle": "True", "notes": "{\"a\":\"1\"}" })
        ),
        Some(json!({ "show": "[1]", "seats": 2, "aisle": true, "notes": { "a": "1" } }))
    );
    assert_eq!(coerced(&booking, json!({ "show": "x", "seats": "two" })), None);
    assert_eq!(coerced(&booking, json!({ "show": "x", "seats": "\"2\"" })), None);
    assert_eq!(coerced(&booking, json!({ "show": "x", "seats": "null" })), None);
    assert_eq!(coerced(&booking, json!({ "show": 5, "seats": true })), None);
}

#[test]
fn numbers_without_a_fraction_are_integers_where_integers_are_wanted() {
    let schema = json!({ "properties": { "n": { "type": "integer" }, "x": { "type": "number" } } });
    assert_eq!(coerced(&schema, json!({ "n": 2.0, "x": 2.0 })), Some(json!({ "n": 2, "x": 2.0 })));
    assert_eq!(coerced(&schema, json!({ "n": "-3.0" })), Some(json!({ "n": -3 })));
    assert_eq!(coerced(&schema, json!({ "n": 2.5, "x": 1e300 })), None);
    assert_eq!(coerced(&schema, json!({ "n": 1e300 })), None);
}

#[test]
fn null_for_an_optional_member_is_dropped() {
    let booking = input::<Booking>();
    assert_eq!(
        coerced(&booking, json!({ "show": null, "seats": 2, "row": null, "notes": { "a": null } })),
        Some(json!({ "show": null, "seats": 2, "notes": { "a": null } }))
    );
    let nullable = json!({ "properties": { "a": { "type": ["string", "null"] } } });
    assert_eq!(coerced(&nullable, json!({ "a": null })), None);
}

#[test]
fn unions_that_take_strings_keep_them() {
    let schema = json!({ "properties": { "when": input::<When>() } });
    assert_eq!(coerced(&schema, json!({ "when": "5" })), None);
    let choice = json!({ "properties": { "x": { "anyOf": [{ "enum": ["auto"] }, { "type": "integer" }] } } });
    assert_eq!(coerced(&choice, json!({ "x": "auto" })), None);
    assert_eq!(coerced(&choice, json!({ "x": "5" })), Some(json!({ "x": 5 })));
    assert_eq!(coerced(&choice, json!({ "x": "five" })), None);
}

#[test]
fn members_of_variants_and_of_recursive_types_are_reached() {
    let drawing = input::<Drawing>();
    assert_eq!(
        coerced(
            &drawing,
            json!({
                "shapes": "[{\"Circle\":{\"radius\":\"2\"}},\"Nothing\"]",
                "root": { "name": "/", "folders": "[{\"name\":\"7\",\"folders\":\"[]\"}]" },
            })
        ),
        Some(json!({
            "shapes": [{ "Circle": { "radius": 2 } }, "Nothing"],
            "root": { "name": "/", "folders": [{ "name": "7", "folders": [] }] },
        }))
    );
}

#[test]
fn strings_in_strings_end_somewhere() {
    let schema = json!({ "type": "array", "items": { "$ref": "#" } });
    let mut nested = "[]".to_owned();
    for _ in 0..10 {
        nested = json!([nested]).to_string();
    }
    assert!(coerce(&schema, nested.as_bytes()).is_some());
}

#[test]
fn unions_in_unions_do_not_multiply_without_end() {
    let schema = json!({
        "properties": { "tree": { "$ref": "#/$defs/Tree" } },
        "$defs": { "Tree": { "anyOf": [
            { "type": "object", "properties": { "left": { "$ref": "#/$defs/Tree" } }, "required": ["left"] },
            { "type": "object", "properties": { "left": { "$ref": "#/$defs/Tree" }, "n": { "type": "integer" } } },
            { "type": "array", "items": { "$ref": "#/$defs/Tree" } },
        ] } },
    });
    let mut tree = json!({ "left": "x".repeat(1 << 20) });
    for _ in 0..100 {
        tree = json!({ "left": tree, "n": "1" });
    }
    let arguments = json!({ "tree": tree }).to_string();
    let tried = coerce(&schema, arguments.as_bytes());
    assert!(tried.is_none_or(|tried| tried.len() <= arguments.len()));
    assert!(diagnose(&schema, arguments.as_bytes(), "no tree").len() < 10_000);
}
