//! All arguments as one value: unknown ones are refused, and what is sent under an extractor's name is left out.
use std::{borrow::Cow, fmt};

use serde::{
    Deserializer,
    de::{
        DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor,
        value::{BorrowedStrDeserializer, CowStrDeserializer},
    },
};

use super::params::Params;

/// A deserializer of the object of arguments.
pub(super) struct Filter<'a, D, P> {
    inner: D,
    params: &'a P,
}

impl<'a, D, P> Filter<'a, D, P> {
    pub(super) fn new(inner: D, params: &'a P) -> Self {
        Self { inner, params }
    }
}

macro_rules! forward {
    ($($method:ident($($parameter:ident: $type:ty),*))*) => {
        $(
            fn $method<V: Visitor<'de>>(self, $($parameter: $type,)* visitor: V) -> Result<V::Value, D::Error> {
                self.inner.$method($($parameter,)* visitor)
            }
        )*
    };
}

impl<'de, D: Deserializer<'de>, P: Params> Deserializer<'de> for Filter<'_, D, P> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        let Self { inner, params } = self;
        inner.deserialize_map(Object { visitor, params, known: None })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let Self { inner, params } = self;
        inner.deserialize_struct(name, fields, Object { visitor, params, known: Some(fields) })
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        visitor.visit_some(self)
    }

    forward! {
        deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64() deserialize_i128()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128() deserialize_f32()
        deserialize_f64() deserialize_char() deserialize_str() deserialize_string() deserialize_bytes()
        deserialize_byte_buf() deserialize_unit() deserialize_unit_struct(name: &'static str) deserialize_seq()
        deserialize_tuple(length: usize) deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_enum(name: &'static str, variants: &'static [&'static str]) deserialize_identifier()
        deserialize_ignored_any()
    }
}

/// Visits an object, and nothing else.
struct Object<'a, V, P> {
    visitor: V,
    params: &'a P,
    known: Option<&'static [&'static str]>,
}

impl<'de, V: Visitor<'de>, P: Params> Visitor<'de> for Object<'_, V, P> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the arguments by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.visitor.visit_map(Members { map, params: self.params, known: self.known })
    }
}

struct Members<'a, A, P> {
    map: A,
    params: &'a P,
    known: Option<&'static [&'static str]>,
}

impl<'de, A: MapAccess<'de>, P: Params> MapAccess<'de> for Members<'_, A, P> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        while let Some(key) = self.map.next_key_seed(Key)? {
            let known = self.known.is_none_or(|known| known.contains(&&*key));
            if !known || self.known.is_none() {
                if self.params.index(&key).is_some() {
                    self.map.next_value::<IgnoredAny>()?;
                    continue;
                }
                if !known {
                    return Err(A::Error::custom(format_args!("unknown argument `{key}`")));
                }
            }
            return match key {
                Cow::Borrowed(key) => seed.deserialize(BorrowedStrDeserializer::new(key)).map(Some),
                Cow::Owned(key) => seed.deserialize(CowStrDeserializer::new(Cow::Owned(key))).map(Some),
            };
        }
        Ok(None)
    }

    fn next_value_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<T::Value, A::Error> {
        self.map.next_value_seed(seed)
    }
}

/// Reads a key, borrowed where the JSON has it literally.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Key {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an argument")
    }

    fn visit_borrowed_str<E: Error>(self, key: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(key))
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(key.to_owned()))
    }
}
