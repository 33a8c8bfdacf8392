use std::collections::BTreeMap;

use serde_json::Value;

/// Values that `"$id:name"` stands for.
#[derive(Clone, Debug, Default)]
pub(super) struct Captures(BTreeMap<String, Value>);

const REST: &str = "$rest";

impl Captures {
    /// Compares, and keeps what was captured if all of it matches. Otherwise says where it does not.
    pub(super) fn matches(&mut self, expected: &Value, actual: &Value) -> Result<(), String> {
        let mut captures = self.clone();
        captures.compare(expected, actual, "$")?;
        *self = captures;
        Ok(())
    }

    fn compare(&mut self, expected: &Value, actual: &Value, path: &str) -> Result<(), String> {
        match (expected, actual) {
            (Value::String(text), _) if text.starts_with('$') => self.placeholder(text, actual, path),
            (Value::Object(expected), Value::Object(actual)) => {
                for (name, expected) in expected.iter().filter(|(name, _)| *name != REST) {
                    let path = format!("{path}.{name}");
                    let actual = actual.get(name).ok_or_else(|| format!("{path} is missing"))?;
                    self.compare(expected, actual, &path)?;
                }
                let more = actual.keys().find(|name| !expected.contains_key(*name));
                match more {
                    Some(name) if !expected.contains_key(REST) => {
                        Err(format!("{path}.{name} was not expected"))
                    }
                    _ => Ok(()),
                }
            }
            (Value::Array(expected), Value::Array(actual)) => {
                if expected.len() != actual.len() {
                    return Err(format!("{path} has {} items, not {}", actual.len(), expected.len()));
                }
                let mut items = expected.iter().zip(actual).enumerate();
                items.try_for_each(|(index, (expected, actual))| {
                    self.compare(expected, actual, &format!("{path}[{index}]"))
                })
            }
            _ if expected == actual => Ok(()),
            _ => Err(format!("{path} is {actual}, not {expected}")),
        }
    }

    fn placeholder(&mut self, text: &str, actual: &Value, path: &str) -> Result<(), String> {
        let holds = match text {
            "$any" => true,
            "$string" => actual.is_string(),
            "$number" => actual.is_number(),
            _ => {
                if let Some(name) = text.strip_prefix("$id:") {
                    actual == self.0.entry(name.to_owned()).or_insert_with(|| actual.clone())
                } else if let Some(literal) =
                    text.strip_prefix('$').filter(|literal| literal.starts_with('$'))
                {
                    actual == literal
                } else {
                    return Err(format!(
                        "{path}: unknown placeholder `{text}`; write `$${}` for a string",
                        &text[1..]
                    ));
                }
            }
        };
        if holds {
            return Ok(());
        }
        let known = text.strip_prefix("$id:").and_then(|name| self.0.get(name));
        Err(known.map_or_else(
            || format!("{path} is {actual}, not {text}"),
            |known| format!("{path} is {actual}, but {text} was {known}"),
        ))
    }

    /// A line to send, with the captured values in their places.
    pub(super) fn fill(&self, line: &str) -> String {
        self.0.iter().fold(line.to_owned(), |line, (name, value)| {
            line.replace(&format!("\"$id:{name}\""), &value.to_string())
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Captures;

    #[test]
    fn what_is_written_must_be_there_and_nothing_else() {
        for (expected, actual, difference) in [
            (json!({ "a": 1 }), json!({ "a": 1 }), None),
            (json!({ "a": 1 }), json!({ "a": 2 }), Some("$.a is 2, not 1")),
            (json!({ "a": 1 }), json!({}), Some("$.a is missing")),
            (json!({ "a": 1 }), json!({ "a": 1, "b": 2 }), Some("$.b was not expected")),
            (json!({ "a": 1, "$rest": "$any" }), json!({ "a": 1, "b": 2 }), None),
            (json!([1, 2]), json!([1]), Some("$ has 1 items, not 2")),
            (json!([{ "x": 1 }]), json!([{ "x": "1" }]), Some("$[0].x is \"1\", not 1")),
            (json!({ "a": "$any" }), json!({ "a": null }), None),
            (json!("$string"), json!("x"), None),
            (json!("$string"), json!(1), Some("$ is 1, not $string")),
            (json!("$number"), json!(1.5), None),
            (json!("$$5"), json!("$5"), None),
            (json!("$5"), json!("$5"), Some("$: unknown placeholder `$5`; write `$$5` for a string")),
            (json!(["$id:a", "$id:a"]), json!([1, 1]), None),
            (json!(["$id:a", "$id:a"]), json!([1, 2]), Some("$[1] is 2, but $id:a was 1")),
        ] {
            let outcome = Captures::default().matches(&expected, &actual);
            assert_eq!(outcome.err().as_deref(), difference, "{expected} {actual}");
        }
    }

    #[test]
    fn captured_values_are_sent_and_those_of_a_mismatch_are_not_kept() {
        let mut captures = Captures::default();
        captures.matches(&json!({ "id": "$id:q" }), &json!({ "id": "q-1" })).unwrap();
        captures.matches(&json!(["$id:other", 1]), &json!([5, 2])).unwrap_err();
        assert_eq!(captures.fill(r#"{"id":"$id:q","x":"$id:other"}"#), r#"{"id":"q-1","x":"$id:other"}"#);
    }
}
