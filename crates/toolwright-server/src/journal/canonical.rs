use std::{fmt, fmt::Write};

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};

/// The same text for all ways to write one JSON value: members in the order of their names, no space, `1.0` as `1`.
///
/// A member that is there twice stays there twice: whoever reads the value may take either.
pub(crate) fn canonical(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    let mut deserializer = serde_json::Deserializer::from_str(json);
    match (Canonical(&mut text)).deserialize(&mut deserializer).and_then(|()| deserializer.end()) {
        Ok(()) => text,
        // What cannot be read is only ever the same as itself.
        Err(_) => json.to_owned(),
    }
}

/// FNV-1a: the same in every process, and no secret.
pub(crate) fn digest(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

struct Canonical<'t>(&'t mut String);

impl<'de> DeserializeSeed<'de> for Canonical<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Canonical<'_> {
    fn push<E: Error>(self, value: impl fmt::Display) -> Result<(), E> {
        write!(self.0, "{value}").map_err(E::custom)
    }
}

impl<'de> Visitor<'de> for Canonical<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<(), E> {
        self.push("null")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<(), E> {
        self.push(value)
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<(), E> {
        self.push(value)
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<(), E> {
        self.push(value)
    }

    #[expect(clippy::cast_possible_truncation, reason = "in this range whole numbers fit")]
    fn visit_f64<E: Error>(self, value: f64) -> Result<(), E> {
        const MOST: f64 = 18_446_744_073_709_551_616.0;
        if value.fract() == 0.0 && value.abs() < MOST {
            return self.push(value as i128);
        }
        self.push(format_args!("{value:e}"))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<(), E> {
        let text = serde_json::to_string(value).map_err(E::custom)?;
        self.push(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        self.0.push('[');
        let start = self.0.len();
        loop {
            let before = self.0.len();
            if before > start {
                self.0.push(',');
            }
            if items.next_element_seed(Canonical(self.0))?.is_none() {
                self.0.truncate(before);
                break;
            }
        }
        self.0.push(']');
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        let mut sorted = Vec::new();
        while let Some(name) = members.next_key::<String>()? {
            let mut value = String::new();
            members.next_value_seed(Canonical(&mut value))?;
            sorted.push((name, value));
        }
        sorted.sort_by(|one, other| one.0.cmp(&other.0));
        self.0.push('{');
        for (at, (name, value)) in sorted.iter().enumerate() {
            if at > 0 {
                self.0.push(',');
            }
            Canonical(self.0).visit_str::<A::Error>(name)?;
            self.0.push(':');
            self.0.push_str(value);
        }
        self.0.push('}');
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ways_to_write_one_value_are_the_same() {
        for (one, other) in [
            (r#"{"b": 1, "a": [true, null]}"#, r#"{"a":[true,null],"b":1}"#),
            ("1.0", "1"),
            ("1e2", "100"),
            ("-0.0", "0"),
            ("1e18", "1000000000000000000"),
            ("0.10", "1e-1"),
            (r#""\u0061\/""#, r#""a/""#),
            (r#"{"a":{"y":1.0,"x":2}}"#, r#"{"a":{"x":2,"y":1}}"#),
            ("[ ]", "[]"),
            ("{ }", "{}"),
        ] {
            assert_eq!(canonical(one), canonical(other));
        }
    }

    #[test]
    fn other_values_are_not() {
        let all = [
            "1",
            "1.5",
            "-1",
            "\"1\"",
            "true",
            "null",
            "[]",
            "{}",
            "[1]",
            "[1,2]",
            "[2,1]",
            "[[1],2]",
            "18446744073709551615",
            "18446744073709551616",
            "9007199254740993",
            "9007199254740992.0",
            r#"{"a":1}"#,
            r#"{"a":2}"#,
            r#"{"a":1,"a":2}"#,
            r#"{"a":2,"a":1}"#,
            r#"{"a":"1"}"#,
            r#"{"a\":1,\"b":1}"#,
            r#"{"a":1,"b":1}"#,
            "",
            "{",
            "1 2",
        ];
        for (at, one) in all.iter().enumerate() {
            for other in &all[..at] {
                assert_ne!(canonical(one), canonical(other), "{one} {other}");
            }
        }
    }

    #[test]
    fn members_of_one_name_keep_their_order() {
        assert_eq!(canonical(r#"{"b":0,"a":2,"a":1}"#), r#"{"a":2,"a":1,"b":0}"#);
    }
}
