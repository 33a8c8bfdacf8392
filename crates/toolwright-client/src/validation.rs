//! Whether structured results are what their tools promise. Dialect 2020-12 unless `$schema` names another, offline: a reference that
//! leads out of the schema is an error, nothing is fetched ("JSON Schema Usage"). Regular expressions run in linear time.
use jsonschema::PatternOptions;
use serde_json::Value;
use toolwright_core::Raw;

/// Bytes that the text of a schema may have; what it is compiled to grows with it.
const LARGEST: usize = 1 << 20;

/// Mistakes that one error lists.
const LISTED: usize = 5;

/// A compiled schema.
pub(crate) struct Validator(jsonschema::Validator);

impl Validator {
    pub(crate) fn compile(schema: &Raw) -> Result<Self, String> {
        if schema.as_str().len() > LARGEST {
            return Err(format!("its schema is larger than {LARGEST} bytes"));
        }
        let mut schema: Value =
            schema.read().map_err(|error| format!("its schema cannot be read: {error}"))?;
        let error = match build(&schema) {
            Ok(validator) => return Ok(Self(validator)),
            Err(error) => error,
        };
        // Patterns that only a backtracking engine could match are not checked: they could run for ever.
        if !leave_out_patterns(&mut schema) {
            return Err(error);
        }
        tracing::warn!("the patterns of an output schema need backtracking and are not checked");
        build(&schema).map(Self).map_err(|_| error)
    }

    pub(crate) fn check(&self, json: &[u8]) -> Result<(), String> {
        let value: Value = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if self.0.is_valid(&value) {
            return Ok(());
        }
        let mistakes = self.0.iter_errors(&value).take(LISTED);
        let mistakes = mistakes.map(|error| format!("at `{}`: {}", error.instance_path(), error.masked()));
        Err(mistakes.collect::<Vec<_>>().join("; "))
    }
}

fn build(schema: &Value) -> Result<jsonschema::Validator, String> {
    let mut options =
        jsonschema::options().offline().with_pattern_options(PatternOptions::regex().size_limit(1 << 20));
    if schema.get("$schema").is_none() {
        options = options.with_draft(jsonschema::Draft::Draft202012);
    }
    options.build(schema).map_err(|error| format!("its schema cannot be used: {}", error.masked()))
}

/// Whether there was any.
fn leave_out_patterns(schema: &mut Value) -> bool {
    match schema {
        Value::Object(members) => {
            let pattern = members.get("pattern").is_some_and(Value::is_string);
            let removed = pattern && members.remove("pattern").is_some();
            members.values_mut().fold(removed, |any, member| leave_out_patterns(member) | any)
        }
        Value::Array(items) => items.iter_mut().fold(false, |any, item| leave_out_patterns(item) | any),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn check(schema: &Value, value: &str) -> Result<(), String> {
        Validator::compile(&Raw::from(schema))?.check(value.as_bytes())
    }

    #[test]
    fn what_does_not_fit_is_named_without_being_repeated() {
        let schema =
            json!({ "type": "object", "properties": { "a": { "type": "integer" } }, "required": ["a"] });
        assert_eq!(check(&schema, r#"{"a":1}"#), Ok(()));
        let error = check(&schema, r#"{"a":"secret"}"#).unwrap_err();
        assert!(error.contains("/a") && !error.contains("secret"), "{error}");
    }

    #[test]
    fn nothing_outside_of_a_schema_is_fetched() {
        for reference in ["https://example.com/schema.json", "file:///etc/passwd"] {
            let error = check(&json!({ "$ref": reference }), "1").unwrap_err();
            assert!(error.contains("cannot be used"), "{error}");
        }
    }

    #[test]
    fn patterns_that_need_backtracking_are_left_out() {
        let schema = json!({ "properties": { "a": { "type": "string", "pattern": "^(?=x)" } } });
        assert_eq!(check(&schema, r#"{"a":"y"}"#), Ok(()));
        assert!(check(&schema, r#"{"a":1}"#).is_err());
    }
}
