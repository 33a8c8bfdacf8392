//! JSON Schemas derived from Rust types, as models and people like to read them.
//!
//! Types are inlined, and only recursive ones stand in `$defs`. There is no `$schema`, no format that names a Rust number, no
//! `null` where leaving the member out says the same, and objects of known members are closed.
use std::collections::BTreeSet;

use schemars::{
    Schema, SchemaGenerator,
    generate::{Contract, SchemaSettings},
};
use serde_json::{Map, Value};

use super::check::union_branches;

/// A generator for what a component takes.
pub fn generator() -> SchemaGenerator {
    with(SchemaSettings::draft2020_12().for_deserialize())
}

/// A generator for what a component gives.
pub fn output_generator() -> SchemaGenerator {
    with(SchemaSettings::draft2020_12().for_serialize())
}

fn with(mut settings: SchemaSettings) -> SchemaGenerator {
    settings.inline_subschemas = true;
    settings.meta_schema = None;
    settings.into_generator()
}

/// The finished schema: cleaned, with the definitions of the recursive types that it refers to.
///
/// # Example
/// ```
/// use toolwright_server::arguments::schema;
///
/// let mut generator = schema::generator();
/// let schema = generator.subschema_for::<Vec<u8>>();
/// assert_eq!(
///     schema::finish(schema, &generator),
///     serde_json::json!({ "type": "array", "items": { "type": "integer", "minimum": 0, "maximum": 255 } }),
/// );
/// ```
pub fn finish(schema: Schema, generator: &SchemaGenerator) -> Value {
    let cleaner = Cleaner { input: matches!(generator.contract(), Contract::Deserialize) };
    let mut root = schema.to_value();
    if let Value::Object(object) = &mut root {
        object.shift_remove("$schema");
    }
    cleaner.schema(&mut root, true);
    say_object(&mut root);

    let mut definitions = Map::new();
    let mut wanted = references(&root);
    while let Some(name) = wanted.pop_first() {
        let Some(definition) =
            generator.definitions().get(&name).filter(|_| !definitions.contains_key(&name))
        else {
            continue;
        };
        let mut definition = definition.clone();
        cleaner.schema(&mut definition, true);
        wanted.extend(references(&definition));
        definitions.insert(name, definition);
    }
    if let (Value::Object(object), false) = (&mut root, definitions.is_empty()) {
        definitions.sort_keys();
        object.insert("$defs".into(), Value::Object(definitions));
    }
    root
}

/// Says of a union of objects that it is an object, which some revisions want to read at the root.
fn say_object(root: &mut Value) {
    let is_object = |schema: &Value| schema.get("type").is_some_and(|kind| kind == "object");
    let all = union_branches(root).is_some_and(|branches| branches.iter().all(is_object));
    if let (Value::Object(object), true) = (root, all)
        && !object.contains_key("type")
    {
        object.shift_insert(0, "type".into(), "object".into());
    }
}

/// The names of the definitions that `schema` refers to.
fn references(schema: &Value) -> BTreeSet<String> {
    fn collect(value: &Value, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(object) => {
                if let Some(name) = object.get("$ref").and_then(definition_name) {
                    found.insert(name);
                }
                object.values().for_each(|value| collect(value, found));
            }
            Value::Array(items) => items.iter().for_each(|value| collect(value, found)),
            _ => {}
        }
    }
    let mut found = BTreeSet::new();
    collect(schema, &mut found);
    found
}

/// The name behind `#/$defs/`, decoded as a JSON pointer in a URI fragment is.
pub(crate) fn definition_name(reference: &Value) -> Option<String> {
    let name = reference.as_str()?.strip_prefix("#/$defs/")?;
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let [first, tail @ ..] = rest {
        let hex = tail.get(..2).and_then(|pair| std::str::from_utf8(pair).ok());
        match hex.filter(|_| *first == b'%').and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    Some(String::from_utf8(bytes).ok()?.replace("~1", "/").replace("~0", "~"))
}

struct Cleaner {
    input: bool,
}

impl Cleaner {
    /// Cleans a schema; `close` is false where members of the same object are described elsewhere, too.
    fn schema(&self, schema: &mut Value, close: bool) {
        let Value::Object(object) = schema else { return };
        drop_number_format(object);
        if self.input {
            plain_optional_members(object);
        }
        let shared = ["allOf", "anyOf", "oneOf", "if", "$ref", "$dynamicRef", "dependentSchemas"]
            .iter()
            .any(|keyword| object.contains_key(*keyword));
        let has_members = object.contains_key("properties");
        for (keyword, value) in object.iter_mut() {
            match (keyword.as_str(), value) {
                (
                    "properties" | "patternProperties" | "$defs" | "dependentSchemas",
                    Value::Object(schemas),
                ) => {
                    schemas.values_mut().for_each(|schema| self.schema(schema, true));
                }
                ("anyOf" | "oneOf", Value::Array(schemas)) => {
                    schemas.iter_mut().for_each(|schema| self.schema(schema, close && !has_members));
                }
                ("allOf", Value::Array(schemas)) => {
                    schemas.iter_mut().for_each(|schema| self.schema(schema, false));
                }
                ("prefixItems", Value::Array(schemas)) => {
                    schemas.iter_mut().for_each(|schema| self.schema(schema, true));
                }
                ("items" | "contains" | "additionalProperties" | "unevaluatedProperties", schema) => {
                    self.schema(schema, true);
                }
                ("not" | "if" | "then" | "else" | "propertyNames", schema) => self.schema(schema, false),
                _ => {}
            }
        }
        let open = ["additionalProperties", "unevaluatedProperties", "patternProperties"]
            .iter()
            .all(|keyword| !object.contains_key(*keyword));
        if close && has_members && !shared && open {
            object.insert("additionalProperties".into(), Value::Bool(false));
        }
        name_one_type(object);
    }
}

/// Formats that only name a Rust number; what they mean beyond `minimum` and `maximum` no client knows.
fn drop_number_format(object: &mut Map<String, Value>) {
    const NUMBERS: [&str; 14] = [
        "int8", "int16", "int32", "int64", "int128", "int", "uint8", "uint16", "uint32", "uint64", "uint128",
        "uint", "float", "double",
    ];
    if object.get("format").and_then(Value::as_str).is_some_and(|format| NUMBERS.contains(&format)) {
        object.shift_remove("format");
    }
}

/// Turns `"type": [.., "null"]` into a choice of two schemas, since some clients read one type only.
fn name_one_type(object: &mut Map<String, Value>) {
    const ABOUT: [&str; 7] =
        ["title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly"];
    let Some(Value::Array(kinds)) = object.get("type") else { return };
    let [kind, null] = kinds.as_slice() else { return };
    if null != "null" || object.contains_key("anyOf") {
        return;
    }
    let mut branch = Map::from_iter([("type".to_owned(), kind.clone())]);
    for (keyword, value) in std::mem::take(object) {
        match keyword.as_str() {
            "type" => {}
            about if ABOUT.contains(&about) => drop(object.insert(keyword, value)),
            _ => drop(branch.insert(keyword, value)),
        }
    }
    if let Some(Value::Array(allowed)) = branch.get_mut("enum") {
        allowed.retain(|value| !value.is_null());
    }
    let null = Map::from_iter([("type".to_owned(), Value::from("null"))]);
    object.shift_insert(0, "anyOf".into(), Value::Array(vec![branch.into(), null.into()]));
}

/// A member that may be left out need not be nullable as well: models then write `null` or the text "null".
fn plain_optional_members(object: &mut Map<String, Value>) {
    let required = object.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let Some(Value::Object(members)) = object.get_mut("properties") else { return };
    for (name, member) in members.iter_mut() {
        if !required.iter().any(|required| required == name.as_str()) {
            plain(member);
        }
    }
}

/// Takes `null` out of what a schema allows. Public to the crate because the arguments of a function are members as well.
pub(crate) fn plain(schema: &mut Value) {
    let Value::Object(object) = schema else { return };
    let null = |schema: &Value| schema.get("type").is_some_and(|kind| kind == "null");
    if let Some(Value::Array(kinds)) = object.get_mut("type") {
        kinds.retain(|kind| kind != "null");
        if let [kind] = kinds.as_slice() {
            let kind = kind.clone();
            object.insert("type".into(), kind);
        }
    }
    if let Some(Value::Array(allowed)) = object.get_mut("enum") {
        allowed.retain(|value| !value.is_null());
    }
    if object.get("default").is_some_and(Value::is_null) {
        object.shift_remove("default");
    }
    for keyword in ["anyOf", "oneOf"] {
        let Some(Value::Array(branches)) = object.get_mut(keyword) else { continue };
        branches.retain(|branch| !null(branch));
        if let [Value::Object(only)] = branches.as_mut_slice() {
            // What the member itself says, such as its description, goes before what its type says.
            let only = std::mem::take(only);
            object.shift_remove(keyword);
            for (keyword, value) in only {
                object.entry(keyword).or_insert(value);
            }
        }
    }
}
