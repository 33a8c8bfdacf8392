use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::{Map, Number, Value};

/// A JSON object of free form.
pub type JsonObject = Map<String, Value>;

/// What a setter for a JSON number takes: any integer or float, or a ready [`Number`].
///
/// # Example
/// ```
/// use toolwright_core::model::IntoNumber;
///
/// assert_eq!(3.into_number().expect("finite").to_string(), "3");
/// assert_eq!(0.5.into_number().expect("finite").to_string(), "0.5");
/// assert!(f64::NAN.into_number().is_none());
/// ```
pub trait IntoNumber {
    /// The number, or nothing when JSON cannot write it.
    fn into_number(self) -> Option<Number>;
}

impl IntoNumber for Number {
    fn into_number(self) -> Option<Number> {
        Some(self)
    }
}

macro_rules! into_number {
    ($($integer:ty)*) => {$(
        impl IntoNumber for $integer {
            fn into_number(self) -> Option<Number> {
                Some(Number::from(self))
            }
        }
    )*};
}

into_number!(u8 u16 u32 u64 usize i8 i16 i32 i64 isize);

impl IntoNumber for f32 {
    fn into_number(self) -> Option<Number> {
        f64::from(self).into_number()
    }
}

impl IntoNumber for f64 {
    fn into_number(self) -> Option<Number> {
        Number::from_f64(self)
    }
}

/// Reads a member that may be absent, but not `null` in place of a value of another kind.
pub(crate) fn present<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    T::deserialize(deserializer).map(Some)
}

/// Reads the settings of a capability: an object, or the boolean that some texts show in its place.
pub(crate) fn settings<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<JsonObject>, D::Error> {
    struct Settings;

    impl<'de> Visitor<'de> for Settings {
        type Value = Option<JsonObject>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
            JsonObject::deserialize(MapAccessDeserializer::new(map)).map(Some)
        }

        fn visit_bool<E: Error>(self, declared: bool) -> Result<Self::Value, E> {
            Ok(declared.then(JsonObject::new))
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }
    }

    deserializer.deserialize_any(Settings)
}

/// A total that may be unknown: any number, `()` or `None`.
pub trait IntoTotal {
    /// The total as a JSON number.
    fn into_total(self) -> Option<Number>;
}

impl<N: IntoNumber> IntoTotal for N {
    fn into_total(self) -> Option<Number> {
        self.into_number()
    }
}

/// An unknown total.
impl IntoTotal for () {
    fn into_total(self) -> Option<Number> {
        None
    }
}

impl<N: IntoNumber> IntoTotal for Option<N> {
    fn into_total(self) -> Option<Number> {
        self.and_then(IntoNumber::into_number)
    }
}
