use serde::{
    Deserializer,
    de::{Deserialize, Error},
};
use serde_json::{Value, json};

use super::ElicitChoice;

/// The type of a field of a form: a string, a number, a boolean or a choice ("Elicitation", "Requested Schema").
///
/// # Example
/// ```
/// use toolwright_server::elicit::ElicitField;
///
/// assert_eq!(<u8 as ElicitField>::schema(), serde_json::json!({ "type": "integer", "minimum": 0, "maximum": 255 }));
/// ```
#[diagnostic::on_unimplemented(
    message = "a form cannot ask for `{Self}`",
    label = "not a field of a form",
    note = "a form is flat: its fields are strings, `char`, numbers, `bool`, enums with `#[derive(Elicit)]`, lists of those enums, \
            and an `Option` of these",
    note = "ask for the fields of a nested struct here, or in a second question"
)]
pub trait ElicitField: Sized + Send + 'static {
    /// The schema of the field.
    fn schema() -> Value;

    /// Reads an answer.
    ///
    /// # Errors
    /// When the answer is of another shape.
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;

    /// The value where no answer was given, if the field may be left empty.
    fn absent() -> Option<Self> {
        None
    }

    /// The value as an answer, for defaults.
    fn to_value(&self) -> Value;
}

macro_rules! plain {
    ($($type:ty => $schema:tt;)*) => {
        $(
            impl ElicitField for $type {
                fn schema() -> Value {
                    json!($schema)
                }

                fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    Self::deserialize(deserializer)
                }

                fn to_value(&self) -> Value {
                    json!(self)
                }
            }
        )*
    };
}

plain! {
    String => { "type": "string" };
    char => { "type": "string", "minLength": 1, "maxLength": 1 };
    bool => { "type": "boolean" };
    f32 => { "type": "number" };
    f64 => { "type": "number" };
    i8 => { "type": "integer", "minimum": (i8::MIN), "maximum": (i8::MAX) };
    i16 => { "type": "integer", "minimum": (i16::MIN), "maximum": (i16::MAX) };
    i32 => { "type": "integer", "minimum": (i32::MIN), "maximum": (i32::MAX) };
    i64 => { "type": "integer" };
    u8 => { "type": "integer", "minimum": 0, "maximum": (u8::MAX) };
    u16 => { "type": "integer", "minimum": 0, "maximum": (u16::MAX) };
    u32 => { "type": "integer", "minimum": 0, "maximum": (u32::MAX) };
    u64 => { "type": "integer", "minimum": 0 };
    usize => { "type": "integer", "minimum": 0 };
}

impl<T: ElicitField> ElicitField for Option<T> {
    fn schema() -> Value {
        T::schema()
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<Held<T>>::deserialize(deserializer).map(|held| held.map(|held| held.0))
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn to_value(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_value)
    }
}

#[diagnostic::do_not_recommend]
impl<T: ElicitChoice> ElicitField for T {
    fn schema() -> Value {
        let options = T::options();
        if options.iter().any(|option| option.title.is_some()) {
            json!({ "type": "string", "oneOf": titled(options) })
        } else {
            json!({ "type": "string", "enum": names(options) })
        }
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        let options = T::options();
        options.iter().position(|option| option.name == name).and_then(T::at).ok_or_else(|| {
            D::Error::custom(format_args!("expected one of {}, got {name:?}", names(options).join(", ")))
        })
    }

    fn to_value(&self) -> Value {
        T::options().get(self.index()).map_or(Value::Null, |option| option.name.into())
    }
}

impl<T: ElicitChoice> ElicitField for Vec<T> {
    fn schema() -> Value {
        let options = T::options();
        let items = if options.iter().any(|option| option.title.is_some()) {
            json!({ "anyOf": titled(options) })
        } else {
            json!({ "type": "string", "enum": names(options) })
        };
        json!({ "type": "array", "items": items })
    }

    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let held = Vec::<Held<T>>::deserialize(deserializer)?;
        Ok(held.into_iter().map(|held| held.0).collect())
    }

    fn to_value(&self) -> Value {
        self.iter().map(T::to_value).collect()
    }
}

/// Lets serde's own types read a field.
struct Held<T>(T);

impl<'de, T: ElicitField> Deserialize<'de> for Held<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::read(deserializer).map(Held)
    }
}

fn names(options: &[super::Choice]) -> Vec<&'static str> {
    options.iter().map(|option| option.name).collect()
}

fn titled(options: &[super::Choice]) -> Vec<Value> {
    options
        .iter()
        .map(|option| json!({ "const": option.name, "title": option.title.unwrap_or(option.name) }))
        .collect()
}
