use serde::Serialize;
use toolwright_core::{Raw, model::CallToolResult};

use super::{content::text_block, nonfinite};
use crate::HandlerError;

/// A result with `value` as structured content.
pub(super) fn result<T: Serialize>(value: &T) -> Result<CallToolResult, HandlerError> {
    json(value).map(mirrored)
}

/// A result with `json` as structured content and the same text for clients that read only text, as "Structured Content" of the
/// tools page asks for.
pub(super) fn mirrored(json: Raw) -> CallToolResult {
    CallToolResult::new([text_block(json.as_str())]).structured_content(json)
}

/// `value` as JSON.
pub(super) fn json<T: Serialize>(value: &T) -> Result<Raw, HandlerError> {
    let json =
        Raw::serialize(value).map_err(|error| format!("the result cannot be written as JSON: {error}"))?;
    // A number that is not finite is silently written as `null`, so only a text with one is worth a second look.
    if json.as_str().contains("null")
        && let Some((path, number)) = nonfinite::find(value)
    {
        let number = if number.is_nan() { "NaN" } else { "infinite" };
        return Err(format!("the result holds a number that JSON cannot express: {path} is {number}").into());
    }
    Ok(json)
}
