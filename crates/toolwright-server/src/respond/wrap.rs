//! Structured results that are no objects, for the revisions that allow only objects.
//!
//! 2025-06-18 and 2025-11-25 demand `"type": "object"` of output schemas. For them any other result becomes the member `result`
//! of an object, and a flag in the schema tells clients to unwrap it; Python's FastMCP uses the same.
use serde::Serialize;
use serde_json::{Map, Value, json};
use toolwright_core::Raw;

/// The member of a schema that says that values are wrapped.
pub const FLAG: &str = "x-fastmcp-wrap-result";

/// Whether values of `schema` have to be wrapped, because it does not say that they are objects.
pub fn needs_wrap(schema: &Raw) -> bool {
    #[derive(serde::Deserialize)]
    struct Root<'a> {
        #[serde(rename = "type", borrow)]
        kind: Option<&'a serde_json::value::RawValue>,
    }
    let root: Result<Root<'_>, _> = schema.read();
    root.ok().and_then(|root| root.kind).is_none_or(|kind| kind.get() != "\"object\"")
}

/// The schema of wrapped values.
///
/// # Example
/// ```
/// use toolwright_server::{core::Raw, respond::wrap};
///
/// let schema = Raw::from(serde_json::json!({ "type": "integer" }));
/// assert!(wrap::needs_wrap(&schema));
/// assert_eq!(
///     wrap::wrapped_schema(&schema).as_str(),
///     r#"{"type":"object","properties":{"result":{"type":"integer"}},"required":["result"],"x-fastmcp-wrap-result":true}"#,
/// );
/// assert_eq!(wrap::wrapped_value(&Raw::from(serde_json::json!(5))).as_str(), r#"{"result":5}"#);
/// ```
pub fn wrapped_schema(schema: &Raw) -> Raw {
    let mut inner: Value = schema.read().unwrap_or(Value::Bool(true));
    let mut hoisted = Map::new();
    // A schema with a URI of its own is a world of its own: its references stay right where they are.
    if let Value::Object(object) = &mut inner
        && !object.contains_key("$id")
    {
        for keyword in ["$schema", "$defs", "definitions"] {
            hoisted.extend(object.shift_remove_entry(keyword));
        }
        rebase(&mut inner);
        hoisted.values_mut().for_each(rebase);
    }
    let mut wrapped = json!({
        "type": "object",
        "properties": { "result": inner },
        "required": ["result"],
        FLAG: true,
    });
    if let Value::Object(object) = &mut wrapped {
        object.extend(hoisted);
    }
    wrapped.into()
}

/// Moves references that count from the root to where the old root is now.
fn rebase(schema: &mut Value) {
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
                    rebase(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(rebase),
        _ => {}
    }
}

/// A value, wrapped.
pub fn wrapped_value(value: &Raw) -> Raw {
    #[derive(Serialize)]
    struct Wrapped<'a> {
        result: &'a Raw,
    }
    Raw::serialize(&Wrapped { result: value }).expect("JSON in an object is JSON")
}
