use std::fmt;

use http::{HeaderMap, HeaderName, HeaderValue};
use toolwright_core::{
    headers::{ParamValue, decode_value, single},
    jsonrpc::RpcError,
};

/// Most characters of a value that an error repeats.
const MOST_SHOWN: usize = 80;

/// The one value of a header.
pub(super) fn one<'a>(
    headers: &'a HeaderMap,
    header: &HeaderName,
    shown: &dyn fmt::Display,
) -> Result<Option<&'a HeaderValue>, RpcError> {
    single(headers, header).map_err(|_| {
        RpcError::header_mismatch(format!("header `{shown}` is sent more than once; send it once"))
    })
}

/// Compares a header that is never encoded, without the space around it (RFC 9110, "Field Values").
pub(super) fn literal(value: &HeaderValue, shown: &str, body: &str) -> Result<(), RpcError> {
    if value.as_bytes().trim_ascii() == body.as_bytes() {
        return Ok(());
    }
    Err(differs(shown, &String::from_utf8_lossy(value.as_bytes()), &body))
}

/// Compares a header with the value of the body that it mirrors; without one, there must be no header.
pub(super) fn mirrors(
    headers: &HeaderMap,
    header: &HeaderName,
    shown: &dyn fmt::Display,
    body: Option<&ParamValue<'_>>,
) -> Result<(), RpcError> {
    match (one(headers, header, shown)?, body) {
        (None, None) => Ok(()),
        (Some(value), Some(body)) => {
            let text = decode_value(value).map_err(|error| {
                RpcError::header_mismatch(format!("header `{shown}` cannot be read: {error}"))
            })?;
            if body.equals(&text) { Ok(()) } else { Err(differs(shown, &text, &Plain(body))) }
        }
        (None, Some(body)) => Err(missing(shown, &Plain(body))),
        (Some(value), None) => Err(RpcError::header_mismatch(format!(
            "header `{shown}` is `{}`, but the body has nothing there that a header mirrors; leave it out",
            Short(&String::from_utf8_lossy(value.as_bytes()))
        ))),
    }
}

pub(super) fn missing(shown: impl fmt::Display, body: &dyn fmt::Display) -> RpcError {
    RpcError::header_mismatch(format!(
        "header `{shown}` is missing; the body says `{}`",
        Short(&body.to_string())
    ))
}

fn differs(shown: impl fmt::Display, header: &str, body: &dyn fmt::Display) -> RpcError {
    RpcError::header_mismatch(format!(
        "header `{shown}` is `{}`, but the body says `{}`",
        Short(header),
        Short(&body.to_string())
    ))
}

/// A value as people write it.
struct Plain<'a>(&'a ParamValue<'a>);

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            ParamValue::String(text) => f.write_str(text),
            ParamValue::Integer(number) => number.fmt(f),
            ParamValue::Boolean(boolean) => boolean.fmt(f),
        }
    }
}

/// Text cut short, for the peer to recognise.
struct Short<'a>(&'a str);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.char_indices().nth(MOST_SHOWN) {
            Some((end, _)) => write!(f, "{}..", &self.0[..end]),
            None => f.write_str(self.0),
        }
    }
}
