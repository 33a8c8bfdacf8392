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
