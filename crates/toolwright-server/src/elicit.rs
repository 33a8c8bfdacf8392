use serde_json::{Map, Value};

use crate::HandlerError;

/// A type that a user can be asked to fill in: flat, with fields of simple types.
pub trait Elicit: Sized {
    /// The JSON Schema of the form.
    fn schema() -> Value;

    /// Reads what the user filled in.
    ///
    /// # Errors
    /// When a field is missing or of another type.
    fn from_content(content: Map<String, Value>) -> Result<Self, HandlerError>;
}

impl Elicit for bool {
    fn schema() -> Value {
        serde_json::json!({ "type": "object", "properties": { "value": { "type": "boolean" } }, "required": ["value"] })
    }

    fn from_content(content: Map<String, Value>) -> Result<Self, HandlerError> {
        content.get("value").and_then(Value::as_bool).ok_or_else(|| "`value` must be true or false".into())
    }
}
