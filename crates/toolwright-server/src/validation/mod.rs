//! Full JSON Schema validation, for schemas that were written by hand or came from elsewhere.
//!
//! Dialect 2020-12 unless `$schema` names another, offline: a reference that leads out of the schema is an error ("JSON Schema
//! Usage" of the basic page). Regular expressions run in linear time.
mod compiled;
mod pattern;

pub(crate) use compiled::Compiled;

use std::fmt;

use jsonschema::{
    PatternOptions, ReferencingError, ValidationError, error::ValidationErrorKind, paths::LocationSegment,
};
use serde_json::Value;
use toolwright_core::Raw;

use crate::arguments::check::{Path, check, cut, shown};

/// Bytes that the text of a schema may have; what it is compiled to grows with it.
const LARGEST: usize = 1 << 20;

/// Mistakes that one error lists.
const LISTED: usize = 5;

/// A compiled schema.
pub struct Validator {
    schema: Value,
    compiled: jsonschema::Validator,
}

/// Compiles `schema`.
///
/// A `pattern` that only a backtracking engine could match is left out, and logged.
///
/// # Errors
/// When it is no valid schema of its dialect, is too large, or refers to something outside, with the place of the mistake.
///
/// # Example
/// ```
/// use toolwright_server::{core::Raw, validation::compile};
///
/// let schema = Raw::from(serde_json::json!({ "properties": { "word": { "pattern": "^[a-z]+$" } } }));
/// let validator = compile(&schema)?;
/// assert_eq!(validator.check(br#"{ "word": "hi" }"#), Ok(()));
/// assert_eq!(
///     validator.check(br#"{ "word": "Hi" }"#),
///     Err(r#"$.word: value does not match "^[a-z]+$", got "Hi""#.to_owned()),
/// );
/// # Ok::<(), String>(())
/// ```
pub fn compile(schema: &Raw) -> Result<Validator, String> {
    if schema.as_str().len() > LARGEST {
        return Err(format!("the schema is larger than {LARGEST} bytes"));
    }
    let schema: Value = schema.read().map_err(|error| format!("the schema cannot be read: {error}"))?;
    let error = match build(&schema) {
        Ok(compiled) => return Ok(Validator { schema, compiled }),
        Err(error) => error,
    };
    let mut linear = schema.clone();
    let left_out = pattern::leave_out_backtracking(&mut linear);
    if left_out.is_empty() {
        return Err(error);
    }
    let compiled = build(&linear)?;
    tracing::warn!(patterns = ?left_out, "patterns of a schema need backtracking and are not checked");
    Ok(Validator { schema, compiled })
}

fn build(schema: &Value) -> Result<jsonschema::Validator, String> {
    let mut options =
        jsonschema::options().offline().with_pattern_options(PatternOptions::regex().size_limit(1 << 20));
    if schema.get("$schema").is_none() {
        options = options.with_draft(jsonschema::Draft::Draft202012);
    }
    options.build(schema).map_err(|error| {
        if let ValidationErrorKind::Referencing(ReferencingError::Unretrievable { uri, .. }) = error.kind() {
            return format!(
                "the schema refers to `{}`, and nothing outside of a schema is fetched",
                cut(uri)
            );
        }
        let place = place(&error);
        let text = error.masked().to_string();
        if place == "$" {
            format!("the schema is not valid: {text}")
        } else {
            format!("the schema is not valid at {place}: {text}, got {}", shown(error.instance()))
        }
    })
}

impl Validator {
    /// Whether `json` fits the schema.
    ///
    /// # Errors
    /// What does not fit and where, one line for each mistake.
    pub fn check(&self, json: &[u8]) -> Result<(), String> {
        let value: Value = serde_json::from_slice(json).map_err(|error| format!("no JSON: {error}"))?;
        if self.compiled.is_valid(&value) {
            return Ok(());
        }
        let mut mistakes: Vec<String> = check(&self.schema, &value)
            .iter()
            .map(|mistake| format!("{}: {}", mistake.path, mistake.text))
            .collect();
        if mistakes.is_empty() {
            mistakes =
                self.compiled.iter_errors(&value).take(LISTED + 1).map(|error| mistake(&error)).collect();
        }
        let more = mistakes.len() > LISTED;
        mistakes.truncate(LISTED);
        if more {
            mistakes.push("and more".to_owned());
        }
        Err(mistakes.join("\n"))
    }
}

fn mistake(error: &ValidationError<'_>) -> String {
    let text = error.masked().to_string();
    format!("{}: {}, got {}", place(error), cut(&text), shown(error.instance()))
}

/// Where in the validated value the mistake is.
fn place(error: &ValidationError<'_>) -> String {
    error.instance_path().into_iter().fold("$".to_owned(), |path, segment| match segment {
        LocationSegment::Property(name) => path + &Path::Root.member(&name).to_string()[1..],
        LocationSegment::Index(index) => format!("{path}[{index}]"),
    })
}

impl fmt::Debug for Validator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Validator").field(&self.schema).finish()
    }
}
