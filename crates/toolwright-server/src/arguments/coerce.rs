//! A second chance for arguments that hold JSON in strings.
use serde_json::Value;

use super::check::{Checker, allowed, requires, union_branches};

/// How deep strings of JSON may stand in strings of JSON.
const NESTED: u8 = 4;

/// Arguments with strings parsed where the schema wants a number, a boolean, an object or an array, and without `null` for
/// optional members; nothing if there was nothing to do.
///
/// A string that the schema accepts as a string is never touched.
///
/// # Example
/// ```
/// use toolwright_server::arguments::coerce::coerce;
///
/// let schema = serde_json::json!({ "properties": { "n": { "type": "integer" }, "s": { "type": "string" } } });
/// assert_eq!(coerce(&schema, br#"{"n":"5","s":"5"}"#).as_deref(), Some(&br#"{"n":5,"s":"5"}"#[..]));
/// assert_eq!(coerce(&schema, br#"{"n":5,"s":"5"}"#), None);
/// ```
pub fn coerce(schema: &Value, arguments: &[u8]) -> Option<Vec<u8>> {
    let mut value = serde_json::from_slice(arguments).ok()?;
    let checker = Checker::new(schema);
    fix(&checker, schema, &mut value, NESTED)
        .then(|| serde_json::to_vec(&value).expect("a JSON value can always be written"))
}

/// Changes `value` towards `schema`, and tells whether it did.
fn fix(checker: &Checker<'_>, schema: &Value, value: &mut Value, nested: u8) -> bool {
    let schema = checker.resolve(schema);
    let Value::Object(object) = schema else { return false };
    if !checker.spend(1) {
        return false;
    }
    let mut changed = match value {
        Value::String(text) => match parse(checker, schema, text, nested) {
            Some(parsed) => {
                *value = parsed;
                true
            }
            None => false,
        },
        Value::Number(_) => integer(schema, value),
        _ => false,
    };
    match value {
        Value::Array(items) => {
            let first = object.get("prefixItems").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            for (index, item) in items.iter_mut().enumerate() {
                if let Some(schema) = first.get(index).or_else(|| object.get("items")) {
                    changed |= fix(checker, schema, item, nested);
                }
            }
        }
        Value::Object(entries) => {
            let known = object.get("properties").and_then(Value::as_object);
            let before = entries.len();
            entries.retain(|name, value| {
                let member = known.and_then(|known| known.get(name));
                !value.is_null()
                    || member.is_none_or(|member| requires(object, name) || checker.admits(member, value))
            });
            changed |= entries.len() != before;
            for (name, value) in entries.iter_mut() {
                let member =
                    known.and_then(|known| known.get(name)).or_else(|| object.get("additionalProperties"));
                if let Some(member) = member {
                    changed |= fix(checker, member, value, nested);
                }
            }
        }
        _ => {}
    }
    for part in object.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        changed |= fix(checker, part, value, nested);
    }
    changed | branch(checker, schema, value, nested)
}

/// The first branch of a union that `value` fits once it is changed.
fn branch(checker: &Checker<'_>, schema: &Value, value: &mut Value, nested: u8) -> bool {
    let Some(branches) = union_branches(schema) else { return false };
    if branches.iter().any(|branch| checker.accepts(branch, value)) {
        return false;
    }
    for branch in branches {
        // Each try is a copy, and tries in tries multiply.
        if !checker.spend(weight(value)) {
            return false;
        }
        let mut tried = value.clone();
        if fix(checker, branch, &mut tried, nested) && checker.accepts(branch, &tried) {
            *value = tried;
            return true;
        }
    }
    false
}

/// Steps that a copy of `value` is worth.
fn weight(value: &Value) -> usize {
    match value {
        Value::String(text) => 1 + text.len() / 64,
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Object(entries) => {
            1 + entries.iter().map(|(name, value)| name.len() / 64 + weight(value)).sum::<usize>()
        }
        _ => 1,
    }
}

/// The JSON inside `text`, if the schema wants that and not the string.
fn parse(checker: &Checker<'_>, schema: &Value, text: &str, nested: u8) -> Option<Value> {
    let admits_strings = checker.admits(schema, &Value::from(text));
    if nested == 0 || (admits_strings && (allowed(schema).is_none() && union_branches(schema).is_none())) {
        return None;
    }
    if admits_strings && checker.accepts(schema, &Value::from(text)) {
        return None;
    }
    let text = text.trim();
    let mut parsed = match text {
        "True" => Value::Bool(true),
        "False" => Value::Bool(false),
        _ => {
            serde_json::from_str(text).ok().filter(|value: &Value| !value.is_string() && !value.is_null())?
        }
    };
    fix(checker, schema, &mut parsed, nested - 1);
    let wanted = checker.admits(schema, &parsed) && (!admits_strings || checker.accepts(schema, &parsed));
    wanted.then_some(parsed)
}

/// Writes `2.0` as `2` where only integers are wanted: to JSON Schema they are the same, to a Rust integer they are not.
fn integer(schema: &Value, value: &mut Value) -> bool {
    // Beyond 2^53 a float no longer says which integer was meant.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let Some(float) = value.as_f64().filter(|_| value.is_f64()) else { return false };
    let wanted = match schema.get("type") {
        Some(Value::String(kind)) => kind == "integer",
        Some(Value::Array(kinds)) => {
            kinds.iter().any(|kind| kind == "integer") && !kinds.iter().any(|kind| kind == "number")
        }
        _ => false,
    };
    if wanted && float.fract() == 0.0 && float.abs() <= EXACT {
        *value = Value::from(float as i64);
        return true;
    }
    false
}
