use std::borrow::Cow;

use http::HeaderValue;
use serde_json::{Number, Value};

use super::encode_value;

/// The largest integer that every JSON reader keeps exactly, 2^53 - 1.
const LARGEST: i64 = 9_007_199_254_740_991;

/// The value of an argument that an HTTP header mirrors ("Streamable HTTP", "Custom Headers from Tool Parameters").
///
/// # Example
/// ```
/// use toolwright_core::headers::ParamValue;
///
/// let argument = ParamValue::read("42").expect("an integer");
/// assert_eq!(argument.header(), "42");
/// assert!(argument.equals("42.0") && !argument.equals("43"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParamValue<'a> {
    /// Text.
    String(Cow<'a, str>),
    /// An integer within 2^53 - 1 of zero.
    Integer(i64),
    /// A boolean.
    Boolean(bool),
}

impl<'a> ParamValue<'a> {
    /// Reads an argument from its JSON text.
    ///
    /// What no header mirrors is `None`: `null`, arrays, objects, fractions, integers beyond 2^53 - 1, and what is not JSON.
    pub fn read(json: &'a str) -> Option<Self> {
        match json.trim_ascii().as_bytes() {
            b"true" => Some(Self::Boolean(true)),
            b"false" => Some(Self::Boolean(false)),
            [b'"', ..] => string(json),
            _ => integer(json).map(Self::Integer),
        }
    }

    /// The argument as a value, if a header can mirror it; see [`read`](Self::read).
    pub fn of(value: &'a Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::String(Cow::Borrowed(text))),
            Value::Bool(boolean) => Some(Self::Boolean(*boolean)),
            Value::Number(number) => exact(number).map(Self::Integer),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// The value of the header that mirrors the argument.
    pub fn header(&self) -> HeaderValue {
        match self {
            Self::String(text) => encode_value(text),
            Self::Integer(number) => HeaderValue::from(*number),
            Self::Boolean(true) => HeaderValue::from_static("true"),
            Self::Boolean(false) => HeaderValue::from_static("false"),
        }
    }

    /// Whether a header with this [decoded](super::decode_value) text mirrors the argument. Integers are compared as numbers,
    /// everything else character by character.
    pub fn equals(&self, header: &str) -> bool {
        match self {
            Self::String(text) => text == header,
            Self::Integer(number) => integer(header) == Some(*number),
            Self::Boolean(boolean) => header == if *boolean { "true" } else { "false" },
        }
    }
}

fn string(json: &str) -> Option<ParamValue<'_>> {
    let inner = json.trim_ascii().strip_prefix('"')?.strip_suffix('"')?;
    // Without escapes the text is what stands between the quotes. Control characters and quotes are left to the real reader.
    if inner.bytes().all(|byte| byte >= b' ' && byte != b'"' && byte != b'\\') {
        return Some(ParamValue::String(Cow::Borrowed(inner)));
    }
    serde_json::from_str(json).ok().map(|text| ParamValue::String(Cow::Owned(text)))
}

fn integer(text: &str) -> Option<i64> {
    exact(&serde_json::from_str(text).ok()?)
}

fn exact(number: &Number) -> Option<i64> {
    let integer = match (number.as_i64(), number.as_f64()) {
        (Some(integer), _) => integer,
        (None, Some(float)) => whole(float)?,
        (None, None) => return None,
    };
    (-LARGEST..=LARGEST).contains(&integer).then_some(integer)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "the range is checked just before"
)]
fn whole(float: f64) -> Option<i64> {
    (float.fract() == 0.0 && float.abs() <= LARGEST as f64).then_some(float as i64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn equal(json: &str, header: &str) -> bool {
        ParamValue::read(json).is_some_and(|value| value.equals(header))
    }

    #[test]
    fn integers_are_compared_as_numbers() {
        for header in ["42", "42.0", "42.000", "4.2e1", "420E-1"] {
            assert!(equal("42", header) && equal("42.0", header), "{header}");
        }
        for header in ["43", "42.5", "", "forty-two", "+42", "042", "0x2a", "42 43", "NaN", "true", "\"42\""]
        {
            assert!(!equal("42", header), "{header}");
        }
        assert!(equal("0", "-0") && equal("-7", "-7.0"));
    }

    #[test]
    fn integers_end_where_numbers_stop_being_exact() {
        assert!(equal("9007199254740991", "9007199254740991.0"));
        assert!(equal("-9007199254740991", "-9007199254740991"));
        for beyond in ["9007199254740992", "-9007199254740992", "18446744073709551615", "1e300", "1e999"] {
            assert_eq!(ParamValue::read(beyond), None, "{beyond}");
            assert!(!equal("1", beyond), "{beyond}");
        }
    }

    #[test]
    fn booleans_and_strings_are_compared_by_character() {
        assert!(equal("true", "true") && equal(" false ", "false"));
        assert!(!equal("true", "True") && !equal("true", "1") && !equal("true", "false"));
        assert!(equal(r#""eu-west""#, "eu-west") && !equal(r#""eu-west""#, "EU-west"));
        assert!(equal(r#""a\n\u00fc""#, "a\nü") && equal(r#""""#, ""));
        assert!(!equal(r#""42""#, "42.0"));
    }

    #[test]
    fn what_no_header_mirrors_is_none() {
        for json in ["null", "[]", "{}", "1.5", "", "nonsense", r#""open"#, r#"""#, r#""a"b""#] {
            assert_eq!(ParamValue::read(json), None, "{json}");
        }
        for value in [json!(null), json!([1]), json!({}), json!(1.5), json!(1_u64 << 53)] {
            assert_eq!(ParamValue::of(&value), None, "{value}");
        }
    }

    #[test]
    fn the_header_is_decimal_a_word_or_encoded_text() {
        let header = |value: Value| ParamValue::of(&value).unwrap().header();
        assert_eq!(header(json!(-42)), "-42");
        assert_eq!(header(json!(42.0)), "42");
        assert_eq!(header(json!(true)), "true");
        assert_eq!(header(json!("")), "");
        assert_eq!(header(json!("Grüße")), "=?base64?R3LDvMOfZQ==?=");
    }

    #[test]
    fn a_string_without_escapes_is_not_copied() {
        assert!(matches!(ParamValue::read(r#""Grüße""#), Some(ParamValue::String(Cow::Borrowed("Grüße")))));
    }

    proptest! {
        #[test]
        fn both_ways_of_reading_agree(text: String, number in -LARGEST..=LARGEST, float: f64) {
            for value in [json!(text), json!(number), json!(float)] {
                let json = value.to_string();
                prop_assert_eq!(ParamValue::read(&json), ParamValue::of(&value));
            }
        }

        #[test]
        fn a_header_mirrors_its_argument(text: String, number in -LARGEST..=LARGEST) {
            for value in [json!(text), json!(number)] {
                let argument = ParamValue::of(&value).unwrap();
                let header = argument.header();
                prop_assert!(argument.equals(&super::super::decode_value(&header).unwrap()));
            }
        }
    }
}
