use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Visitor},
};
use serde_json::{Error, Value};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wrapped<T> {
    result: T,
}

/// Reads structured content. `wrapped` says whether it is known to be wrapped or not.
pub(super) fn structured<T: DeserializeOwned>(content: &[u8], wrapped: Option<bool>) -> Result<T, Error> {
    let unwrap = || serde_json::from_slice::<Wrapped<T>>(content).map(|wrapped| wrapped.result);
    match wrapped {
        Some(true) => unwrap(),
        Some(false) => serde_json::from_slice(content),
        // The first error tells more about what was expected.
        None => serde_json::from_slice(content).or_else(|error| unwrap().map_err(|_| error)),
    }
}

/// Whether the `_meta` of a result says that its value is wrapped, as servers of the Python framework do.
pub(super) fn flagged(meta: &[u8]) -> bool {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Flags {
        fastmcp: Flag,
        #[serde(rename = "x-fastmcp-wrap-result")]
        wrapped: bool,
    }
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Flag {
        wrap_result: bool,
    }
    serde_json::from_slice::<Flags>(meta).is_ok_and(|flags| flags.wrapped || flags.fastmcp.wrap_result)
}

/// Reads text: as it is where a string is wanted, else as JSON, else as it is.
pub(super) fn text<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    T::deserialize(Text(text))
}

/// A text that is a string to whoever wants a string, and JSON to everyone else.
struct Text<'a>(&'a str);

impl Text<'_> {
    /// No text at all is nothing; text that is no JSON is the string it is.
    fn value(&self) -> Value {
        if self.0.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(self.0).unwrap_or_else(|_| Value::String(self.0.to_owned()))
    }
}

macro_rules! plain {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            visitor.visit_str(self.0)
        }
    )*};
}

macro_rules! as_json {
    ($($method:ident($($argument:ident: $type:ty),*))*) => {$(
        fn $method<V: Visitor<'de>>(self, $($argument: $type,)* visitor: V) -> Result<V::Value, Error> {
            self.value().$method($($argument,)* visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Text<'_> {
    type Error = Error;

    plain! { deserialize_char deserialize_str deserialize_string deserialize_identifier }

    as_json! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_i128() deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_u128()
        deserialize_f32() deserialize_f64() deserialize_bytes() deserialize_byte_buf() deserialize_unit()
        deserialize_seq() deserialize_map() deserialize_ignored_any() deserialize_unit_struct(name: &'static str)
        deserialize_tuple(length: usize) deserialize_tuple_struct(name: &'static str, length: usize)
        deserialize_struct(name: &'static str, fields: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str])
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.value().is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        // Raw JSON asks for itself in this way.
        if name.starts_with("$serde_json") {
            self.value().deserialize_newtype_struct(name, visitor)
        } else {
            visitor.visit_newtype_struct(self)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Debug;

    use serde::{Deserialize, de::DeserializeOwned};
    use serde_json::{Value, json};
    use toolwright_core::Raw;

    use super::{flagged, structured, text};

    #[derive(Debug, PartialEq, Deserialize)]
    struct Point {
        x: i64,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Result {
        result: i64,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Name(String);

    #[derive(Debug, PartialEq, Deserialize)]
    enum Colour {
        Red,
    }

    fn reads<T: DeserializeOwned + PartialEq + Debug>(from: &str, expected: T) {
        assert_eq!(text::<T>(from).unwrap(), expected, "{from}");
    }

    #[test]
    fn text_is_a_string_to_those_who_want_one_and_json_to_others() {
        reads("5", 5_i64);
        reads("5", "5".to_owned());
        reads("\"quoted\"", "\"quoted\"".to_owned());
        reads("true", true);
        reads("0.5", 0.5);
        reads("hello", json!("hello"));
        reads("{\"x\":1}", json!({ "x": 1 }));
        reads("{\"x\":1}", Point { x: 1 });
        reads("[1,2]", vec![1, 2]);
        reads("[1,2]", (1, 2));
        reads("Red", Colour::Red);
        reads("\"Red\"", Colour::Red);
        reads("ada", Name("ada".to_owned()));
        reads("x", 'x');
        reads("[1]", Raw::from(&json!([1])));
    }

    #[test]
    fn no_text_is_nothing() {
        reads("", ());
        reads("", None::<i64>);
        reads("null", None::<String>);
        reads("7", Some(7));
        reads("text", Some("text".to_owned()));
        reads("", String::new());
        assert!(text::<i64>("").is_err());
    }

    #[test]
    fn text_of_another_type_is_an_error() {
        assert!(text::<i64>("five").is_err());
        assert!(text::<i64>("5 apples").is_err());
        assert!(text::<Point>("{\"x\":1} and more").is_err());
    }

    #[test]
    fn a_wrapped_value_is_unwrapped_when_known_or_when_nothing_else_fits() {
        let wrapped = br#"{"result":5}"#;
        assert_eq!(structured::<i64>(wrapped, Some(true)).unwrap(), 5);
        assert_eq!(structured::<i64>(wrapped, None).unwrap(), 5);
        assert!(structured::<i64>(wrapped, Some(false)).is_err());
        assert_eq!(structured::<Result>(wrapped, None).unwrap(), Result { result: 5 });
        assert_eq!(structured::<Value>(wrapped, Some(true)).unwrap(), json!(5));
        assert_eq!(structured::<Value>(wrapped, None).unwrap(), json!({ "result": 5 }));
        assert!(structured::<i64>(br#"{"result":5,"rest":1}"#, None).is_err());
    }

    #[test]
    fn the_error_is_about_the_type_that_was_wanted() {
        let error = structured::<Point>(br#"{"y":1}"#, None).unwrap_err().to_string();
        assert!(error.contains("missing field `x`"), "{error}");
    }

    #[test]
    fn results_of_the_python_framework_flag_wrapped_values() {
        for (meta, expected) in [
            (json!({ "fastmcp": { "wrap_result": true }, "x": 1 }), true),
            (json!({ "x-fastmcp-wrap-result": true }), true),
            (json!({ "fastmcp": { "wrap_result": false } }), false),
            (json!({ "fastmcp": { "tags": [] } }), false),
            (json!({ "fastmcp": 7 }), false),
            (json!({}), false),
        ] {
            assert_eq!(flagged(meta.to_string().as_bytes()), expected, "{meta}");
        }
    }
}
