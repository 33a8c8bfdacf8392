//! Typed values from text: the arguments of prompts and the variables of URI templates are strings.
use serde::{
    Deserializer,
    de::{
        DeserializeOwned, Error, Expected, IgnoredAny, IntoDeserializer, Unexpected, Visitor,
        value::{BorrowedStrDeserializer, StrDeserializer},
    },
};

use super::{check::cut, words};

/// Why a text is not what was expected, in words for the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TextError(String);

/// Reads a `T` from text: strings as they are; numbers, booleans, characters and names of enum variants from what is written;
/// everything else as JSON.
///
/// # Errors
/// When the text does not say a `T`.
///
/// # Example
/// ```
/// use toolwright_server::arguments::text::from_text;
///
/// assert_eq!(from_text::<String>("7"), Ok("7".to_owned()));
/// assert_eq!(from_text::<u8>("7"), Ok(7));
/// assert_eq!(from_text::<Vec<u8>>("[7, 8]"), Ok(vec![7, 8]));
/// assert_eq!(
///     from_text::<u8>("seven").unwrap_err().to_string(),
///     r#"expected an integer from 0 to 255, got "seven""#,
/// );
/// ```
pub fn from_text<T: DeserializeOwned>(text: &str) -> Result<T, TextError> {
    T::deserialize(Text(text))
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

fn shown(text: &str) -> String {
    serde_json::Value::from(&*cut(text)).to_string()
}

impl Error for TextError {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self(words::plain(&message.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::custom(format_args!("invalid type: {found}, expected {expected}"))
    }

    fn unknown_variant(variant: &str, known: &'static [&'static str]) -> Self {
        let known: Vec<_> = known.iter().map(|name| format!("\"{name}\"")).collect();
        let known = match known.as_slice() {
            [] => "nothing".to_owned(),
            [only] => only.clone(),
            [first @ .., last] => format!("one of {} or {last}", first.join(", ")),
        };
        Self(format!("expected {known}, got {}", shown(variant)))
    }
}

impl From<serde_json::Error> for TextError {
    fn from(error: serde_json::Error) -> Self {
        Self(words::plain(&error.to_string()))
    }
}

#[derive(Clone, Copy)]
struct Text<'de>(&'de str);

impl<'de> Text<'de> {
    fn wanted(self, what: &str) -> TextError {
        TextError(format!("expected {}, got {}", words::wanted_in_words(what), shown(self.0)))
    }

    /// Hands the text to JSON, whose errors are told with the text that they are about.
    fn json<T>(
        self,
        what: &str,
        read: impl FnOnce(&mut serde_json::Deserializer<serde_json::de::StrRead<'de>>) -> serde_json::Result<T>,
    ) -> Result<T, TextError> {
        let mut json = serde_json::Deserializer::from_str(self.0);
        match read(&mut json).and_then(|value| json.end().map(|()| value)) {
            Ok(value) => Ok(value),
            // A text that is no JSON at all may still fail over its first value, which says less.
            Err(error) if error.is_data() && is_json(self.0) => Err(error.into()),
            Err(_) => Err(TextError(format!("expected {what} as JSON, got {}", shown(self.0)))),
        }
    }
}

macro_rules! numbers {
    ($($method:ident $visit:ident $type:ident,)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
                match self.0.trim().parse::<$type>() {
                    Ok(number) => visitor.$visit(number),
                    Err(_) => Err(self.wanted(stringify!($type))),
                }
            }
        )*
    };
}

macro_rules! as_json {
    ($($method:ident($($parameter:ident: $type:ty),*) $what:literal,)*) => {
        $(
            fn $method<V: Visitor<'de>>(self, $($parameter: $type,)* visitor: V) -> Result<V::Value, TextError> {
                self.json($what, |json| json.$method($($parameter,)* visitor))
            }
        )*
    };
}

impl<'de> Deserializer<'de> for Text<'de> {
    type Error = TextError;

    /// Types that ask what there is get the JSON, or the text itself where it is none.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        if is_json(self.0) {
            self.json("a value", |json| json.deserialize_any(visitor))
        } else {
            visitor.visit_borrowed_str(self.0)
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        match self.0.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" => visitor.visit_bool(true),
            "false" | "0" | "no" => visitor.visit_bool(false),
            _ => Err(self.wanted("bool")),
        }
    }

    numbers! {
        deserialize_i8 visit_i8 i8,
        deserialize_i16 visit_i16 i16,
        deserialize_i32 visit_i32 i32,
        deserialize_i64 visit_i64 i64,
        deserialize_i128 visit_i128 i128,
        deserialize_u8 visit_u8 u8,
        deserialize_u16 visit_u16 u16,
        deserialize_u32 visit_u32 u32,
        deserialize_u64 visit_u64 u64,
        deserialize_u128 visit_u128 u128,
    }

    fn deserialize_f32<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        match self.0.trim().parse::<f32>() {
            Ok(number) if number.is_finite() => visitor.visit_f32(number),
            _ => Err(self.wanted("f32")),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        match self.0.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => visitor.visit_f64(number),
            _ => Err(self.wanted("f64")),
        }
    }

    fn deserialize_char<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        let mut chars = self.0.chars();
        match (chars.next(), chars.next()) {
            (Some(only), None) => visitor.visit_char(only),
            _ => Err(self.wanted("char")),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_borrowed_str(self.0)
    }

    fn deserialize_bytes<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_borrowed_bytes(self.0.as_bytes())
    }

    fn deserialize_byte_buf<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_borrowed_bytes(self.0.as_bytes())
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        visitor.visit_some(self)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        match self.0.trim() {
            "" | "null" => visitor.visit_unit(),
            _ => Err(self.wanted("unit")),
        }
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, TextError> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, TextError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TextError> {
        if self.0.trim_start().starts_with('{') {
            return self.json("an object", |json| json.deserialize_enum(name, variants, visitor));
        }
        let variant: StrDeserializer<'_, TextError> = self.0.into_deserializer();
        visitor.visit_enum(variant)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TextError> {
        BorrowedStrDeserializer::new(self.0).deserialize_ignored_any(visitor)
    }

    as_json! {
        deserialize_seq() "an array",
        deserialize_tuple(length: usize) "an array",
        deserialize_tuple_struct(name: &'static str, length: usize) "an array",
        deserialize_map() "an object",
        deserialize_struct(name: &'static str, fields: &'static [&'static str]) "an object",
    }
}
