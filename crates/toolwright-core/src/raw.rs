use std::{fmt, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// JSON kept as the text it came in, cheap to clone.
///
/// Schemas, proxied bodies and structured results travel in this form, so that members that no type of ours knows survive and
/// nothing is parsed that nobody looks at. Two values are equal when they are the same JSON, whatever their spacing and the
/// order of their members.
///
/// `serde` reads it only from JSON text and not inside untagged, internally tagged or flattened types.
///
/// # Example
/// ```
/// use toolwright_core::Raw;
///
/// let schema: Raw = serde_json::from_str(r#"{"type": "object"}"#)?;
/// assert_eq!(schema.as_str(), r#"{"type": "object"}"#);
/// assert_eq!(schema, Raw::from(&serde_json::json!({ "type": "object" })));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct Raw(Arc<RawValue>);

impl Raw {
    /// Keeps `text`, which must be one JSON value.
    ///
    /// # Errors
    /// When `text` is not JSON.
    pub fn parse(text: &str) -> serde_json::Result<Self> {
        serde_json::from_str(text)
    }

    /// Serializes `value` once.
    ///
    /// # Errors
    /// When `value` cannot be written as JSON, for example a map whose keys are no strings.
    pub fn serialize<T: Serialize + ?Sized>(value: &T) -> serde_json::Result<Self> {
        serde_json::value::to_raw_value(value).map(Self::from)
    }

    /// The JSON text.
    pub fn as_str(&self) -> &str {
        self.0.get()
    }

    /// Reads the text as a `T`.
    ///
    /// # Errors
    /// When the JSON is not of that shape.
    pub fn read<'a, T: Deserialize<'a>>(&'a self) -> serde_json::Result<T> {
        serde_json::from_str(self.as_str())
    }

    /// Whether this is a JSON object.
    pub fn is_object(&self) -> bool {
        self.as_str().starts_with('{')
    }
}

impl From<Box<RawValue>> for Raw {
    fn from(value: Box<RawValue>) -> Self {
        Self(value.into())
    }
}

impl From<&RawValue> for Raw {
    fn from(value: &RawValue) -> Self {
        value.to_owned().into()
    }
}

impl From<&serde_json::Value> for Raw {
    fn from(value: &serde_json::Value) -> Self {
        Self::serialize(value).expect("a JSON value can always be written")
    }
}

impl From<serde_json::Value> for Raw {
    fn from(value: serde_json::Value) -> Self {
        Self::from(&value)
    }
}

impl PartialEq for Raw {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
            || matches!(
                (self.read::<serde_json::Value>(), other.read::<serde_json::Value>()),
                (Ok(one), Ok(two)) if one == two
            )
    }
}

impl fmt::Debug for Raw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Raw {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Raw {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Box::<RawValue>::deserialize(deserializer).map(Self::from)
    }
}
