use serde::{Deserialize, Deserializer, Serialize, de::Error};
use serde_json::Value;

use super::{
    BooleanSchema, LegacyEnumSchema, MultiSelectSchema, NumberSchema, Properties, SingleSelectSchema,
    StringSchema, TitledMultiSelectSchema, TitledSingleSelectSchema,
};
use crate::{
    Raw,
    model::{
        JsonObject,
        macros::{constant, setters},
    },
};

constant!(ObjectType = "object");

/// The schema of a form: a flat object of [primitive](PrimitiveSchema) properties.
///
/// # Example
/// ```
/// use toolwright_core::model::{NumberSchema, RequestedSchema, SingleSelectSchema};
///
/// let schema = RequestedSchema::new()
///     .required("row", SingleSelectSchema::new(["A", "B"]).title("Row"))
///     .optional("seats", NumberSchema::integer().minimum(1).maximum(8));
/// assert_eq!(
///     serde_json::to_string(&schema)?,
///     concat!(
///         r#"{"type":"object","properties":{"row":{"type":"string","title":"Row","enum":["A","B"]},"#,
///         r#""seats":{"type":"integer","minimum":1,"maximum":8}},"required":["row"]}"#
///     )
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RequestedSchema {
    /// The dialect, from 2025-11-25 on.
    #[serde(rename = "$schema", skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    #[serde(rename = "type")]
    kind: ObjectType,
    /// The fields, in the order in which they are shown.
    pub properties: Properties,
    /// The fields that must be filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<Vec<String>>,
}

impl RequestedSchema {
    /// A form without fields.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a field that must be filled in.
    #[must_use]
    pub fn required(mut self, name: impl Into<String>, schema: impl Into<PrimitiveSchema>) -> Self {
        let name = name.into();
        self.required.get_or_insert_default().push(name.clone());
        self.optional(name, schema)
    }

    /// Adds a field that may be left out.
    #[must_use]
    pub fn optional(mut self, name: impl Into<String>, schema: impl Into<PrimitiveSchema>) -> Self {
        self.properties.insert(name, schema);
        self
    }
}

setters!(RequestedSchema {
    into schema: String,
});

impl From<RequestedSchema> for Raw {
    fn from(schema: RequestedSchema) -> Self {
        Self::from(&schema)
    }
}

impl From<&RequestedSchema> for Raw {
    fn from(schema: &RequestedSchema) -> Self {
        Self::serialize(schema).expect("a form schema has string keys only and can be written")
    }
}

/// The schema of one field of a form.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum PrimitiveSchema {
    /// A text.
    String(StringSchema),
    /// A number or integer.
    Number(NumberSchema),
    /// Yes or no.
    Boolean(BooleanSchema),
    /// One choice of several.
    SingleSelect(SingleSelectSchema),
    /// One choice of several, with names for people.
    TitledSingleSelect(TitledSingleSelectSchema),
    /// Any number of choices.
    MultiSelect(MultiSelectSchema),
    /// Any number of choices, with names for people.
    TitledMultiSelect(TitledMultiSelectSchema),
    /// One choice of several, with names for people in a list beside.
    LegacyEnum(LegacyEnumSchema),
}

impl<'de> Deserialize<'de> for PrimitiveSchema {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let schema = JsonObject::deserialize(deserializer)?;
        let has = |keyword| schema.contains_key(keyword);
        let read = match schema.get("type").and_then(Value::as_str) {
            Some("string") if has("oneOf") => from(schema, Self::TitledSingleSelect),
            Some("string") if has("enumNames") => from(schema, Self::LegacyEnum),
            Some("string") if has("enum") => from(schema, Self::SingleSelect),
            Some("string") => from(schema, Self::String),
            Some("number" | "integer") => from(schema, Self::Number),
            Some("boolean") => from(schema, Self::Boolean),
            Some("array") if schema.get("items").is_some_and(|items| items.get("anyOf").is_some()) => {
                from(schema, Self::TitledMultiSelect)
            }
            Some("array") => from(schema, Self::MultiSelect),
            Some(other) => {
                return Err(D::Error::unknown_variant(
                    other,
                    &["string", "number", "integer", "boolean", "array"],
                ));
            }
            None => return Err(D::Error::missing_field("type")),
        };
        read.map_err(D::Error::custom)
    }
}

fn from<'de, T: Deserialize<'de>>(
    schema: JsonObject,
    variant: fn(T) -> PrimitiveSchema,
) -> serde_json::Result<PrimitiveSchema> {
    T::deserialize(Value::Object(schema)).map(variant)
}

macro_rules! from {
    ($($schema:ident => $variant:ident)*) => {$(
        impl From<$schema> for PrimitiveSchema {
            fn from(schema: $schema) -> Self {
                Self::$variant(schema)
            }
        }
    )*};
}

from! {
    StringSchema => String
    NumberSchema => Number
    BooleanSchema => Boolean
    SingleSelectSchema => SingleSelect
    TitledSingleSelectSchema => TitledSingleSelect
    MultiSelectSchema => MultiSelect
    TitledMultiSelectSchema => TitledMultiSelect
    LegacyEnumSchema => LegacyEnum
}
