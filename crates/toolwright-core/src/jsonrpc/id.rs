use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The largest number up to which a float names exactly one integer.
const EXACT_FLOAT: f64 = 9_007_199_254_740_992.0;

/// The id of a request, which its response repeats.
///
/// It keeps its JSON type: `1` and `"1"` are different ids. An integer written as a float (`1.0`, `1e0`) is read as the integer,
/// since some JSON writers know no other numbers. Everything else is no id: fractions, `null`, booleans, integers beyond `i64`.
///
/// # Example
/// ```
/// use toolwright_core::jsonrpc::Id;
///
/// assert_eq!(serde_json::from_str::<Id>("1.0")?, Id::from(1));
/// assert_ne!(Id::from(1), Id::from("1"));
/// assert!(serde_json::from_str::<Id>("null").is_err());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Id {
    /// A number without fraction.
    Integer(i64),
    /// A string, which may be empty.
    String(Box<str>),
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(number) => fmt::Display::fmt(number, f),
            Self::String(text) => fmt::Display::fmt(text, f),
        }
    }
}

impl From<i64> for Id {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<&str> for Id {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

impl From<String> for Id {
    fn from(text: String) -> Self {
        Self::String(text.into())
    }
}

impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Integer(number) => serializer.serialize_i64(*number),
            Self::String(text) => serializer.serialize_str(text),
        }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(IdVisitor)
    }
}

struct IdVisitor;

impl de::Visitor<'_> for IdVisitor {
    type Value = Id;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or an integer")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Id, E> {
        Ok(Id::Integer(number))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Id, E> {
        i64::try_from(number).map(Id::Integer).map_err(|_| {
            E::invalid_value(de::Unexpected::Unsigned(number), &"an integer of 64 bits with sign")
        })
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Id, E> {
        integer(number)
            .map(Id::Integer)
            .ok_or_else(|| E::invalid_value(de::Unexpected::Float(number), &"a string or an integer"))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Id, E> {
        Ok(Id::from(text))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Id, E> {
        Ok(Id::from(text))
    }
}

/// The integer that a float was meant to be, if there is exactly one.
pub(super) fn integer(number: f64) -> Option<i64> {
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked just before")]
    (number.fract() == 0.0 && number.abs() <= EXACT_FLOAT).then_some(number as i64)
}
