use serde::{
    Deserializer,
    de::{DeserializeOwned, Error, Visitor, value},
    forward_to_deserialize_any,
};

/// The value that `T` has when nothing was given: `None` for an `Option`, however it is spelled, and nothing for other types.
pub(super) fn absent<T: DeserializeOwned>() -> Option<T> {
    T::deserialize(Absent).ok()
}

/// Holds nothing, which only an optional type can be read from.
struct Absent;

impl<'de> Deserializer<'de> for Absent {
    type Error = value::Error;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Self::Error> {
        Err(Error::custom("absent"))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Self::Error> {
        visitor.visit_none()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct newtype_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_optional_types_can_be_absent() {
        type Maybe = Option<u8>;
        assert_eq!(absent::<Maybe>(), Some(None));
        assert_eq!(absent::<u8>(), None);
        assert_eq!(absent::<String>(), None);
        assert_eq!(absent::<Vec<u8>>(), None);
        assert_eq!(absent::<serde_json::Value>(), None);
    }
}
