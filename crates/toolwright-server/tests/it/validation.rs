use insta::assert_snapshot;
use serde_json::{Value, json};
use toolwright_server::{core::Raw, validation::compile};

fn error(schema: Value) -> String {
    compile(&Raw::from(schema)).unwrap_err()
}

fn check(schema: Value, value: Value) -> String {
    match compile(&Raw::from(schema)).unwrap().check(value.to_string().as_bytes()) {
        Ok(()) => "fits".to_owned(),
        Err(text) => text,
    }
}

#[test]
fn a_bad_schema_says_where_it_is_bad() {
    assert_snapshot!(error(json!({ "type": "strin" })), @r#"the schema is not valid at $.type: value is not valid under any of the schemas listed in the 'anyOf' keyword, got "strin""#);
    assert_snapshot!(error(json!({ "properties": { "a": { "minLength": "long" } } })), @r#"the schema is not valid at $.properties.a.minLength: value is not of type "integer", got "long""#);
    assert_snapshot!(error(json!({ "properties": { "a": { "pattern": "(" } } })), @r#"the schema is not valid at $.properties.a.pattern: value is not a "regex", got "(""#);
    assert_snapshot!(error(json!("string")), @r#"the schema is not valid: value is not of types "boolean", "object""#);
    assert_snapshot!(error(json!({ "$ref": "#/$defs/Missing" })), @"the schema is not valid: Pointer '/$defs/Missing' does not exist");
}

#[test]
fn nothing_is_fetched() {
    assert_snapshot!(error(json!({ "$ref": "https://example.org/schema.json" })), @"the schema refers to `https://example.org/schema.json`, and nothing outside of a schema is fetched");
    assert_snapshot!(error(json!({ "items": { "$ref": "file:///etc/passwd" } })), @"the schema refers to `file:///etc/passwd`, and nothing outside of a schema is fetched");
    assert_snapshot!(error(json!({ "$schema": "https://example.org/dialect", "type": "string" })), @"the schema is not valid: Unknown meta-schema: 'https://example.org/dialect'. Custom meta-schemas must be registered in the registry before use");
}

#[test]
fn the_dialect_is_2020_12_unless_the_schema_says_another() {
    let tuple = json!({ "prefixItems": [{ "type": "integer" }] });
    assert_snapshot!(check(tuple.clone(), json!(["x"])), @r#"$[0]: expected an integer, got "x""#);
    let mut old = tuple;
    old["$schema"] = "http://json-schema.org/draft-07/schema#".into();
    assert_eq!(check(old, json!(["x"])), "fits");
}

#[test]
fn values_are_checked_with_the_same_words_as_arguments() {
    let schema = json!({
        "type": "object",
        "properties": {
            "id": { "type": "integer", "minimum": 1 },
            "tags": { "type": "array", "items": { "type": "string" }, "uniqueItems": true },
        },
        "required": ["id"],
        "additionalProperties": false,
    });
    assert_eq!(check(schema.clone(), json!({ "id": 1, "tags": ["a"] })), "fits");
    assert_snapshot!(check(schema.clone(), json!({ "id": 0, "tag": [] })), @r"
        $.id: expected an integer of at least 1, got 0
        $.tag: unknown, did you mean `tags`? (known: `id`, `tags`)
        ");
    assert_snapshot!(check(schema.clone(), json!({ "id": 1, "tags": ["a", "a"] })), @r#"$.tags: value has non-unique elements, got ["a","a"]"#);
    assert_snapshot!(check(schema, json!({ "id": 1, "tags": vec![0; 9] })), @r"
        $.tags[0]: expected a string, got 0
        $.tags[1]: expected a string, got 0
        $.tags[2]: expected a string, got 0
        $.tags[3]: expected a string, got 0
        $.tags[4]: expected a string, got 0
        and more
        ");
    assert_eq!(
        compile(&Raw::from(json!({}))).unwrap().check(b"{").unwrap_err(),
        "no JSON: EOF while parsing an object at line 1 column 1"
    );
}

#[test]
fn patterns_that_need_backtracking_are_not_checked() {
    let schema = json!({
        "properties": { "a": { "pattern": "^(?!x)", "type": "string" }, "b": { "pattern": "^b$" } },
        "patternProperties": { "^c(?=d)": { "type": "integer" } },
        "additionalProperties": false,
    });
    assert_eq!(check(schema.clone(), json!({ "a": "x", "cd": 1 })), "fits");
    assert_snapshot!(check(schema, json!({ "a": 1, "b": "c" })), @"$.a: expected a string that matches ^(?!x), got 1");
}

#[test]
fn hostile_patterns_end() {
    let schema = json!({ "pattern": "^(a+)+$" });
    assert_ne!(check(schema, json!(format!("{}!", "a".repeat(100_000)))), "fits");
    assert_snapshot!(error(json!({ "pattern": "(((a{100}){100}){100}){100}" })), @r#"the schema is not valid at $.pattern: value is not a "regex", got "(((a{100}){100}){100}){100}""#);
}
