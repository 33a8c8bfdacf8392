use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error, MapAccess, Visitor, value::MapAccessDeserializer},
};
use serde_json::Value;

use super::json::JsonObject;

/// An enumeration whose variants are told apart by a member of the object.
///
/// When that member comes first, as every known implementation writes it, the rest is read in one pass without a buffer.
pub(crate) trait Tagged: Sized {
    /// The member that tells.
    const TAG: &'static str;
    /// What the object is, for error texts.
    const EXPECTED: &'static str;

    /// Reads the rest of the object as the variant that `tag` names.
    fn variant<'de, D: Deserializer<'de>>(tag: &str, rest: D) -> Result<Self, D::Error>;
}

/// Reads a [`Tagged`] enumeration.
pub(crate) fn deserialize<'de, T: Tagged, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(TaggedVisitor(PhantomData))
}

/// A [`Tagged`] enumeration from an object whose first key was not read yet.
pub(crate) fn from_map<'de, T: Tagged, A: MapAccess<'de>>(mut map: A) -> Result<T, A::Error> {
    let mut read = JsonObject::new();
    while let Some(key) = map.next_key::<Key<'de>>()? {
        if key.0 != T::TAG {
            read.insert(key.0.into_owned(), map.next_value()?);
            continue;
        }
        let tag = map.next_value::<Key<'de>>()?;
        if read.is_empty() {
            return T::variant(&tag.0, MapAccessDeserializer::new(map));
        }
        while let Some((key, value)) = map.next_entry()? {
            read.insert(key, value);
        }
        return T::variant(&tag.0, Value::Object(read)).map_err(A::Error::custom);
    }
    Err(A::Error::missing_field(T::TAG))
}

struct TaggedVisitor<T>(PhantomData<T>);

impl<'de, T: Tagged> Visitor<'de> for TaggedVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        from_map(map)
    }
}

/// A string, borrowed where the input allows it.
pub(crate) struct Key<'de>(pub(crate) Cow<'de, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;

        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }

            fn visit_string<E>(self, text: String) -> Result<Self::Value, E> {
                Ok(Key(Cow::Owned(text)))
            }
        }

        deserializer.deserialize_str(Text)
    }
}
