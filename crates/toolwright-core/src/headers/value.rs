use std::borrow::Cow;

use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderValue;

const PREFIX: &str = "=?base64?";
const SUFFIX: &str = "?=";

/// Makes a header's value of any text ("Streamable HTTP", "Value Encoding"), for `Mcp-Name` and `Mcp-Param-*`.
///
/// Printable ASCII stays as it is. What a header cannot carry unharmed is wrapped as `=?base64?..?=`: other characters, space at
/// either end, and text that looks as if it were wrapped already.
///
/// # Example
/// ```
/// use toolwright_core::headers::encode_value;
///
/// assert_eq!(encode_value("a b"), "a b");
/// assert_eq!(encode_value(" x"), "=?base64?IHg=?=");
/// ```
pub fn encode_value(text: &str) -> HeaderValue {
    let value = if plain(text) {
        HeaderValue::from_str(text)
    } else {
        let mut wrapped = String::with_capacity(PREFIX.len() + text.len().div_ceil(3) * 4 + SUFFIX.len());
        wrapped.push_str(PREFIX);
        STANDARD.encode_string(text, &mut wrapped);
        wrapped.push_str(SUFFIX);
        HeaderValue::try_from(wrapped)
    };
    value.expect("printable ASCII can always be a header's value")
}

fn plain(text: &str) -> bool {
    let wrapped = text.starts_with(PREFIX) && text.ends_with(SUFFIX);
    let spaced = text.starts_with(' ') || text.ends_with(' ');
    !wrapped && !spaced && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// Reads the text in a header's value ("Streamable HTTP", "Value Encoding"): the inverse of [`encode_value`].
///
/// Spaces and tabs around the value are no part of it (RFC 9110, "Field Values"). Markers in another case, and one without the
/// other, are literal text. Nothing is copied unless the value is wrapped.
///
/// # Errors
/// When a plain value has bytes that are not ASCII or are control characters, and when a wrapped one is not the standard Base64,
/// with padding, of UTF-8.
///
/// # Example
/// ```
/// use http::HeaderValue;
/// use toolwright_core::headers::{InvalidValue, decode_value};
///
/// assert_eq!(decode_value(&HeaderValue::from_static(" forecast "))?, "forecast");
/// assert_eq!(decode_value(&HeaderValue::from_static("=?base64?SGVsbG8=?="))?, "Hello");
/// assert_eq!(decode_value(&HeaderValue::from_static("=?base64?SGVsbG8?=")), Err(InvalidValue::Base64));
/// # Ok::<(), InvalidValue>(())
/// ```
pub fn decode_value(value: &HeaderValue) -> Result<Cow<'_, str>, InvalidValue> {
    let text = str::from_utf8(value.as_bytes()).map_err(|_| InvalidValue::Characters)?;
    // A tab within the value is legal in HTTP, though senders are to wrap it.
    if !text.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~')) {
        return Err(InvalidValue::Characters);
    }
    let text = text.trim_matches([' ', '\t']);
    let Some(wrapped) = text.strip_prefix(PREFIX).and_then(|rest| rest.strip_suffix(SUFFIX)) else {
        return Ok(Cow::Borrowed(text));
    };
    let bytes = STANDARD.decode(wrapped).map_err(|_| InvalidValue::Base64)?;
    String::from_utf8(bytes).map(Cow::Owned).map_err(|_| InvalidValue::Utf8)
}

/// A header's value that stands for no text. The sender is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidValue {
    /// Bytes that a plain value cannot have.
    #[error("invalid characters: send printable ASCII, or the Base64 of UTF-8 as `=?base64?..?=`")]
    Characters,
    /// What stands between the markers is not Base64.
    #[error("what stands in `=?base64?..?=` is not standard Base64 with padding")]
    Base64,
    /// What was encoded is not text.
    #[error("what stands in `=?base64?..?=` is not the Base64 of UTF-8")]
    Utf8,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn decoded(value: &'static str) -> Result<Cow<'static, str>, InvalidValue> {
        decode_value(&HeaderValue::from_static(value)).map(|text| Cow::Owned(text.into_owned()))
    }

    #[test]
    fn the_values_of_the_specification_are_encoded_as_it_says() {
        for (text, value) in [
            ("Grüße", "=?base64?R3LDvMOfZQ==?="),
            (" x", "=?base64?IHg=?="),
            ("x ", "=?base64?eCA=?="),
            ("a b", "a b"),
            ("", ""),
            ("us-west1", "us-west1"),
            ("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?="),
            (" padded ", "=?base64?IHBhZGRlZCA=?="),
            ("line1\nline2", "=?base64?bGluZTEKbGluZTI=?="),
            ("a\tb", "=?base64?YQli?="),
            ("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?="),
        ] {
            assert_eq!(encode_value(text), value, "{text:?}");
            assert_eq!(decode_value(&encode_value(text)).unwrap(), text);
        }
    }

    #[test]
    fn half_a_marker_or_one_in_another_case_is_literal() {
        for value in [
            "SGVsbG8=",
            "=?base64?SGVsbG8=",
            "SGVsbG8=?=",
            "=?BASE64?SGVsbG8=?=",
            "=?Base64?SGVsbG8=?=",
            "=?base64?=",
            "=?base64",
        ] {
            assert_eq!(decoded(value).unwrap(), value);
        }
    }

    #[test]
    fn broken_base64_is_an_error() {
        for value in [
            "=?base64?SGVsbG8?=",
            "=?base64?SGVs!!!bG8=?=",
            "=?base64?SGVsbG8==?=",
            "=?base64?SGVsbG9=?=",
            "=?base64?_-8=?=",
            "=?base64? SGVsbG8=?=",
        ] {
            assert_eq!(decoded(value), Err(InvalidValue::Base64), "{value}");
        }
        assert_eq!(decoded("=?base64?/w==?="), Err(InvalidValue::Utf8));
        assert_eq!(decoded("=?base64??=").unwrap(), "");
    }

    #[test]
    fn whitespace_around_a_value_is_trimmed() {
        assert_eq!(decoded(" \tforecast\t ").unwrap(), "forecast");
        assert_eq!(decoded(" =?base64?IHg=?= ").unwrap(), " x");
        assert_eq!(decoded("  ").unwrap(), "");
    }

    #[test]
    fn bytes_that_are_not_ascii_are_invalid_characters() {
        for bytes in ["Grüße".as_bytes(), b"a\xffb", b"a\x80"] {
            let value = HeaderValue::from_bytes(bytes).unwrap();
            assert_eq!(decode_value(&value), Err(InvalidValue::Characters));
        }
        assert!(InvalidValue::Characters.to_string().starts_with("invalid characters"));
    }

    #[test]
    fn a_plain_value_is_not_copied() {
        assert!(matches!(decode_value(&HeaderValue::from_static("forecast")), Ok(Cow::Borrowed("forecast"))));
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text: String) {
            let value = encode_value(&text);
            prop_assert!(value.to_str().is_ok());
            prop_assert_eq!(decode_value(&value).unwrap(), text);
        }

        #[test]
        fn no_value_panics(bytes: Vec<u8>) {
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                let _ = decode_value(&value);
            }
        }
    }
}
