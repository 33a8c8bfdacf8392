use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize,
    de::{Error, Visitor},
};

/// The token by which a requester recognises the progress of its request (basic, "Progress").
///
/// It keeps its JSON type: `1` and `"1"` are two tokens. An integer written as `1.0` is read as `1`.
///
/// # Example
/// ```
/// use toolwright_core::model::ProgressToken;
///
/// assert_eq!(serde_json::from_str::<ProgressToken>("7.0")?, ProgressToken::from(7));
/// assert_ne!(serde_json::from_str::<ProgressToken>("\"7\"")?, ProgressToken::from(7));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum ProgressToken {
    /// A JSON integer.
    Integer(i64),
    /// A JSON string.
    String(String),
}

impl From<i64> for ProgressToken {
    fn from(token: i64) -> Self {
        Self::Integer(token)
    }
}

impl From<String> for ProgressToken {
    fn from(token: String) -> Self {
        Self::String(token)
    }
}

impl From<&str> for ProgressToken {
    fn from(token: &str) -> Self {
        Self::String(token.to_owned())
    }
}

impl fmt::Display for ProgressToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(token) => token.fmt(f),
            Self::String(token) => token.fmt(f),
        }
    }
}

impl<'de> Deserialize<'de> for ProgressToken {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Token;

        impl Visitor<'_> for Token {
            type Value = ProgressToken;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string or an integer")
            }

            fn visit_i64<E>(self, token: i64) -> Result<Self::Value, E> {
                Ok(ProgressToken::Integer(token))
            }

            fn visit_u64<E: Error>(self, token: u64) -> Result<Self::Value, E> {
                i64::try_from(token).map(ProgressToken::Integer).map_err(|_| {
                    E::custom(format_args!("the integer {token} is too large, the limit is {}", i64::MAX))
                })
            }

            fn visit_f64<E: Error>(self, token: f64) -> Result<Self::Value, E> {
                // Beyond 2^53 a float no longer says which integer is meant.
                if token.fract() == 0.0 && token.abs() <= 9_007_199_254_740_992.0 {
                    #[expect(
                        clippy::cast_possible_truncation,
                        reason = "an integer within 2^53 fits exactly"
                    )]
                    return Ok(ProgressToken::Integer(token as i64));
                }
                Err(E::invalid_value(serde::de::Unexpected::Float(token), &self))
            }

            fn visit_str<E>(self, token: &str) -> Result<Self::Value, E> {
                Ok(token.into())
            }

            fn visit_string<E>(self, token: String) -> Result<Self::Value, E> {
                Ok(token.into())
            }
        }

        deserializer.deserialize_any(Token)
    }
}
