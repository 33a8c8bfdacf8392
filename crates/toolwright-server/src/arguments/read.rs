use std::fmt;

use serde::{
    Deserializer,
    de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor},
};

use super::{params::Params, whole::Filter};

/// Reads arguments from the text of a JSON object into parameters, in one pass.
pub(super) fn read<P: Params>(params: &P, json: &[u8]) -> Result<P::Slots, serde_json::Error> {
    let mut slots = P::empty();
    let mut deserializer = serde_json::Deserializer::from_slice(json);
    if P::WHOLE {
        params.read_whole(Filter::new(&mut deserializer, params), &mut slots)?;
    } else {
        deserializer.deserialize_map(Members { params, slots: &mut slots })?;
    }
    deserializer.end()?;
    params.complete(&mut slots)?;
    Ok(slots)
}

/// The object of arguments.
struct Members<'a, P: Params> {
    params: &'a P,
    slots: &'a mut P::Slots,
}

impl<'de, P: Params> Visitor<'de> for Members<'_, P> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with the arguments by name")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(index) = map.next_key_seed(Position(self.params))? {
            match index {
                Ok(index) => self.params.read_member(index, &mut map, self.slots)?,
                Err(name) => {
                    map.next_value::<IgnoredAny>()?;
                    return Err(A::Error::custom(format_args!("unknown argument `{name}`")));
                }
            }
        }
        Ok(())
    }
}

/// Finds the parameter that a key names, without keeping the key.
struct Position<'a, P>(&'a P);

impl<'de, P: Params> DeserializeSeed<'de> for Position<'_, P> {
    type Value = Result<usize, String>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de, P: Params> Visitor<'de> for Position<'_, P> {
    type Value = Result<usize, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an argument")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.index(name).ok_or_else(|| name.to_owned()))
    }
}
