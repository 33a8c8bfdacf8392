use std::fmt;

use serde_json::{Map, Value};

use super::{ElicitField, answer::Answer};
use crate::{
    HandlerError,
    arguments::{Arguments, Input, Params, field::Field, slot::slot},
};

/// A question that a type stands for.
///
/// `derive(Elicit)` implements it for structs of flat fields. A single value, such as a `bool` or an enum with
/// `#[derive(Elicit)]`, is a form with the one field `value`.
///
/// # Example
/// ```
/// use serde_json::json;
/// use toolwright_server::elicit::Elicit;
///
/// assert_eq!(bool::schema()["properties"], json!({ "value": { "type": "boolean" } }));
/// let answer = json!({ "value": true }).as_object().cloned().unwrap_or_default();
/// assert!(bool::from_content(answer)?);
/// # Ok::<(), toolwright_server::HandlerError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a question",
    note = "put `#[derive(Elicit)]` on a struct of flat fields, or on an enum without fields"
)]
pub trait Elicit: Sized + Send + 'static {
    /// The form that the user fills in.
    fn form() -> Form<Self>;

    /// The schema of the form.
    fn schema() -> Value {
        Self::form().schema
    }

    /// Reads what the user filled in.
    ///
    /// # Errors
    /// When a client sent what its form does not allow.
    fn from_content(content: Map<String, Value>) -> Result<Self, HandlerError> {
        Self::form().read(content)
    }
}

#[diagnostic::do_not_recommend]
impl<T: ElicitField> Elicit for T {
    fn form() -> Form<Self> {
        Form::new((slot(Answer::<T>::NEW, Field::new("value")),), |(value,)| value.take())
    }
}

type Read<T> = dyn Fn(&Map<String, Value>) -> Result<T, String> + Send + Sync;

/// A form, and how a `T` is made of what was filled in.
pub struct Form<T> {
    schema: Value,
    read: Box<Read<T>>,
}

impl<T> Form<T> {
    /// A form of these fields.
    pub fn new<P: Params>(fields: P, make: impl Fn(P::Values) -> T + Send + Sync + 'static) -> Self {
        let input = Input::new(fields);
        let mut schema = input.schema.clone();
        if let Value::Object(schema) = &mut schema {
            // Schemas of forms know only these members.
            schema.retain(|member, _| matches!(member.as_str(), "type" | "properties" | "required"));
        }
        let read = move |content: &Map<String, Value>| {
            let json = serde_json::to_vec(content).map_err(|error| error.to_string())?;
            let slots = input.read(&Arguments::new(Some(json.into())))?;
            P::values(slots).map(&make).ok_or_else(|| "a field has no value".to_owned())
        };
        Self { schema, read: Box::new(read) }
    }

    fn read(&self, mut content: Map<String, Value>) -> Result<T, HandlerError> {
        let known = self.schema.get("properties").and_then(Value::as_object);
        content.retain(|name, _| known.is_some_and(|known| known.contains_key(name)));
        (self.read)(&content).map_err(|text| {
            let text = text.strip_prefix("invalid arguments:").unwrap_or(&text);
            format!("the client's answer does not fit its form: {}", text.trim()).into()
        })
    }
}

impl<T> fmt::Debug for Form<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Form").field("schema", &self.schema).finish_non_exhaustive()
    }
}
