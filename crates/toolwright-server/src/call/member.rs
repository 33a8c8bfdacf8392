use std::fmt;

use serde::{
    Deserializer as _,
    de::{MapAccess, Visitor},
};
use serde_json::value::RawValue;

use super::head::Text;

/// Shows each member of an object to `look`, in order and doubles included. Copies only names that are written with escapes, and
/// stops early at what is no object.
pub(crate) fn each_member<'j>(json: &'j str, look: impl FnMut(&str, &'j RawValue)) {
    // What was seen before a mistake in the text was there all the same, and whoever reads the rest will complain.
    let _ = serde_json::Deserializer::from_str(json).deserialize_map(Look(look));
}

/// The member of this name, the last of several.
pub(crate) fn member<'j>(object: &'j RawValue, name: &str) -> Option<&'j RawValue> {
    let mut found = None;
    each_member(object.get(), |key, value| {
        if key == name {
            found = Some(value);
        }
    });
    found
}

struct Look<F>(F);

impl<'de, F: FnMut(&str, &'de RawValue)> Visitor<'de> for Look<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut members: A) -> Result<(), A::Error> {
        while let Some(Text(name)) = members.next_key()? {
            (self.0)(&name, members.next_value()?);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_are_shown_in_order_with_doubles() {
        let mut seen = Vec::new();
        each_member(r#"{"a": 1, "\u0062": [2], "a": {"c": 3}}"#, |name, value| {
            seen.push(format!("{name}={}", value.get()));
        });
        assert_eq!(seen, ["a=1", "b=[2]", r#"a={"c": 3}"#]);
    }

    #[test]
    fn what_is_no_object_has_no_members() {
        for json in ["[]", "7", "null", "", "{"] {
            each_member(json, |name, _| panic!("{name}"));
        }
    }

    #[test]
    fn the_last_of_several_members_of_one_name_counts() {
        let object: &RawValue = serde_json::from_str(r#"{"a":1,"a":2}"#).unwrap();
        assert_eq!(member(object, "a").map(RawValue::get), Some("2"));
        assert!(member(object, "b").is_none());
    }
}
