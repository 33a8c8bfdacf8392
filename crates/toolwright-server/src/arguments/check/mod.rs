//! Whether a value fits a schema, and where it does not.
//!
//! It knows the keywords that derived schemas consist of, and takes every other keyword as satisfied: it explains a call that
//! has already failed and decides about a second try, so being too strict would be worse than being too lenient. Hand-written
//! schemas are validated by the feature `validation`.
mod describe;
mod found;
mod path;
mod union;

pub(crate) use union::branches as union_branches;

use std::cell::Cell;

use serde_json::{Map, Value};

pub(crate) use describe::{cut, expected, shown};
pub(crate) use path::Path;

use super::schema::definition_name;
use describe::{members, plural, suggestion};
use found::Found;

/// One thing that is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mistake {
    /// Where, as a JSON path: `$.guests[2].age`.
    pub path: String,
    /// What was expected and what was found, or what is missing or unknown.
    pub text: String,
}

/// Compares `value` with `schema` and reports what does not fit.
///
/// # Example
/// ```
/// use serde_json::json;
/// use toolwright_server::arguments::check::check;
///
/// let schema = json!({ "type": "object", "properties": { "age": { "type": "integer", "minimum": 0 } } });
/// assert!(check(&schema, &json!({ "age": 7 })).is_empty());
///
/// let mistake = &check(&schema, &json!({ "age": "seven" }))[0];
/// assert_eq!(mistake.path, "$.age");
/// assert_eq!(mistake.text, r#"expected an integer of at least 0, got "seven""#);
/// ```
pub fn check(schema: &Value, value: &Value) -> Vec<Mistake> {
    let checker = Checker::new(schema);
    let mut found = Found::list();
    checker.visit(schema, value, &Path::Root, &mut found);
    found.into_mistakes()
}

/// Steps that one check may take: unions in unions multiply. What is left when they are used up counts as right.
const FUEL: usize = 200_000;

/// Bytes of a string that are one step.
const STEP: usize = 64;

pub(crate) struct Checker<'s> {
    root: &'s Value,
    fuel: Cell<usize>,
}

impl<'s> Checker<'s> {
    pub(crate) fn new(root: &'s Value) -> Self {
        Self { root, fuel: Cell::new(FUEL) }
    }

    /// Whether `value` fits `schema`, a part of the root.
    pub(crate) fn accepts(&self, schema: &Value, value: &Value) -> bool {
        let mut found = Found::verdict();
        self.visit(schema, value, &Path::Root, &mut found);
        !found.is_wrong()
    }

    /// Follows `$ref` to where it leads; what leads nowhere allows everything.
    pub(crate) fn resolve<'a>(&'a self, mut schema: &'a Value) -> &'a Value {
        for _ in 0..32 {
            let Some(reference) = schema.get("$ref") else { return schema };
            let target = match reference.as_str() {
                Some("#") => Some(self.root),
                _ => definition_name(reference).and_then(|name| self.root.get("$defs")?.get(name)),
            };
            match target {
                Some(target) => schema = target,
                None => return &Value::Bool(true),
            }
        }
        &Value::Bool(true)
    }

    /// Whether `schema` allows values of the JSON type of `value`, whatever else it asks.
    pub(crate) fn admits(&self, schema: &Value, value: &Value) -> bool {
        if !self.spend(1) {
            return true;
        }
        let schema = self.resolve(schema);
        if schema == &Value::Bool(false) {
            return false;
        }
        let by_type = type_fits(schema, value).unwrap_or_else(|| {
            allowed(schema).is_none_or(|mut allowed| {
                allowed.any(|one| std::mem::discriminant(one) == std::mem::discriminant(value))
            })
        });
        by_type
            && union::branches(schema)
                .is_none_or(|branches| branches.iter().any(|branch| self.admits(branch, value)))
    }

    /// Takes steps, if that many are left.
    pub(crate) fn spend(&self, steps: usize) -> bool {
        let left = self.fuel.get().checked_sub(steps);
        self.fuel.set(left.unwrap_or(0));
        left.is_some()
    }

    pub(crate) fn visit(&self, schema: &Value, value: &Value, path: &Path<'_>, found: &mut Found) {
        if found.is_done() || !self.spend(1 + value.as_str().map_or(0, str::len) / STEP) {
            return;
        }
        let schema = self.resolve(schema);
        let object = match schema {
            Value::Object(object) => object,
            Value::Bool(false) => return found.add(path, || "nothing is allowed here"),
            _ => return,
        };
        let fits = allowed(schema).is_none_or(|mut allowed| allowed.any(|one| same(one, value)));
        let by_type = type_fits(schema, value).unwrap_or(true);
        if !fits || !by_type {
            return found.add(path, || format!("expected {}, got {}", expected(self, schema), shown(value)));
        }
        match value {
            Value::Number(number) => self.number(schema, number.as_f64(), value, path, found),
            Value::String(text) => {
                self.length(schema, ["minLength", "maxLength"], text.chars().count(), value, path, found)
            }
            Value::Array(items) => self.items(schema, items, value, path, found),
            Value::Object(entries) => self.members(object, entries, path, found),
            Value::Null | Value::Bool(_) => {}
        }
        if object.get("not").is_some_and(|not| self.accepts(not, value)) {
            found.add(path, || format!("{} is not allowed", shown(value)));
        }
        for part in object.get("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.visit(part, value, path, found);
        }
        if let Some(branches) = union::branches(schema) {
            self.union(schema, branches, value, path, found);
        }
    }

    fn number(&self, schema: &Value, number: Option<f64>, value: &Value, path: &Path<'_>, found: &mut Found) {
        let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_f64);
        let Some(number) = number else { return };
        let fits = limit("minimum").is_none_or(|limit| number >= limit)
            && limit("maximum").is_none_or(|limit| number <= limit)
            && limit("exclusiveMinimum").is_none_or(|limit| number > limit)
            && limit("exclusiveMaximum").is_none_or(|limit| number < limit)
            && limit("multipleOf").is_none_or(|step| {
                let times = number / step;
                step <= 0.0 || (times - times.round()).abs() < 1e-9 * times.abs().max(1.0)
            });
        if !fits {
            found.add(path, || format!("expected {}, got {}", expected(self, schema), shown(value)));
        }
    }

    fn length(
        &self,
        schema: &Value,
        [least, most]: [&str; 2],
        length: usize,
        value: &Value,
        path: &Path<'_>,
        found: &mut Found,
    ) {
        let limit = |keyword: &str| schema.get(keyword).and_then(Value::as_u64);
        let length_fits = limit(least).is_none_or(|limit| length as u64 >= limit)
            && limit(most).is_none_or(|limit| length as u64 <= limit);
        if !length_fits {
            let unit = if least == "minItems" { "item" } else { "character" };
            found.add(path, || {
                let got = match length {
                    0 => shown(value),
                    _ => format!("{}: {}", plural(length as u64, unit), shown(value)),
                };
                format!("expected {}, got {got}", expected(self, schema))
            });
        }
    }

    fn items(&self, schema: &Value, items: &[Value], value: &Value, path: &Path<'_>, found: &mut Found) {
        self.length(schema, ["minItems", "maxItems"], items.len(), value, path, found);
        let first = schema.get("prefixItems").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        for (index, item) in items.iter().enumerate() {
            if let Some(schema) = first.get(index).or_else(|| schema.get("items")) {
                self.visit(schema, item, &path.item(index), found);
            }
        }
    }

    fn members(
        &self,
        schema: &Map<String, Value>,
        entries: &Map<String, Value>,
        path: &Path<'_>,
        found: &mut Found,
    ) {
        let none = Map::new();
        let known = schema.get("properties").and_then(Value::as_object).unwrap_or(&none);
        let required = |name: &str| requires(schema, name);
        for (name, member) in known {
            match entries.get(name) {
                // An optional argument that is null was left out.
                Some(Value::Null) if !required(name) && !self.admits(member, &Value::Null) => {}
                Some(value) => self.visit(member, value, &path.member(name), found),
                None if required(name) => {
                    found.add(&path.member(name), || {
                        format!(
                            "missing, expected {}{}",
                            expected(self, member),
                            describe::about(self, member)
                        )
                    });
                }
                None => {}
            }
        }
        for name in
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
        {
            if !known.contains_key(name) && !entries.contains_key(name) {
                found.add(&path.member(name), || "missing");
            }
        }
        for (name, value) in entries.iter().filter(|(name, _)| !known.contains_key(*name)) {
            let other = by_pattern(schema, name).or_else(|| schema.get("additionalProperties"));
            match other {
                Some(Value::Bool(false)) => {
                    found.add(&path.member(name), || {
                        let names: Vec<_> = known.keys().map(String::as_str).collect();
                        let free = names.iter().copied().filter(|name| !entries.contains_key(*name));
                        format!("unknown{} ({})", suggestion(name, free), members(&names))
                    });
                }
                Some(schema) => self.visit(schema, value, &path.member(name), found),
                None => {}
            }
        }
    }
}

/// The values that `const` and `enum` allow, if it has one of them.
pub(crate) fn allowed(schema: &Value) -> Option<impl Iterator<Item = &Value>> {
    let values = match (schema.get("const"), schema.get("enum")) {
        (Some(value), _) => std::slice::from_ref(value),
        (None, Some(Value::Array(values))) => values.as_slice(),
        _ => return None,
    };
    Some(values.iter())
}

pub(crate) fn requires(schema: &Map<String, Value>, name: &str) -> bool {
    schema.get("required").and_then(Value::as_array).is_some_and(|names| names.iter().any(|one| one == name))
}

/// The schema of a member by the pattern of its name. Of patterns only those of integer keys are known, which is what maps with
/// integer keys derive; a member beside any other pattern is taken as right.
fn by_pattern<'a>(schema: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    let patterns = schema.get("patternProperties")?.as_object()?;
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let mut foreign = false;
    for (pattern, schema) in patterns {
        match pattern.as_str() {
            r"^\d+$" if digits(name) => return Some(schema),
            r"^-?\d+$" if digits(name.strip_prefix('-').unwrap_or(name)) => return Some(schema),
            r"^\d+$" | r"^-?\d+$" => {}
            _ => foreign = true,
        }
    }
    foreign.then_some(&Value::Bool(true))
}

/// Whether `value` is of the types that the schema lists, if it lists any.
fn type_fits(schema: &Value, value: &Value) -> Option<bool> {
    match schema.get("type")? {
        Value::String(kind) => Some(is(value, kind)),
        Value::Array(kinds) => Some(kinds.iter().filter_map(Value::as_str).any(|kind| is(value, kind))),
        _ => None,
    }
}

/// Whether `value` is of the JSON Schema type `kind`; a number without a fraction is an integer however it is written.
fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "number" => value.is_number(),
        "integer" => {
            value.is_u64() || value.is_i64() || value.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        _ => true,
    }
}

/// Equality of JSON values, for which `1` and `1.0` are the same number.
fn same(one: &Value, two: &Value) -> bool {
    one == two || (one.is_number() && two.is_number() && one.as_f64() == two.as_f64())
}
