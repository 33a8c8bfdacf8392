use serde::Deserialize;
use toolwright_core::model::{InputRequiredResult, ResultType};

use super::{Encoded, Reply};
use crate::ClientError;

/// What the result says it is. Missing, as older servers leave it, it is complete ("Result types").
pub(super) fn result_type(reply: &Reply) -> Result<Option<ResultType>, ClientError> {
    if is_plain(&reply.0) {
        return Ok(None);
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Typed {
        result_type: Option<ResultType>,
    }
    serde_json::from_slice(&reply.0)
        .map(|typed: Typed| typed.result_type)
        .map_err(|error| ClientError::protocol(format!("malformed `resultType`: {error}")))
}

/// Whether a look at the bytes is enough: nothing in the text, at whatever depth, has another type than a complete result. It
/// spares nearly all results a pass of the parser.
fn is_plain(text: &[u8]) -> bool {
    const KEY: &str = "\"resultType\"";
    std::str::from_utf8(text).is_ok_and(|text| {
        // A key could also be written with escapes.
        !text.contains("\\u")
            && text.match_indices(KEY).all(|(at, _)| text[at + KEY.len()..].starts_with(":\"complete\""))
    })
}

/// Reads a result that asks for input, which not every request may be answered by.
pub(super) fn required(encoded: &Encoded, reply: &Reply) -> Result<InputRequiredResult, ClientError> {
    // Only these three may ask back ("Multi Round-Trip Requests", "Supported Requests").
    if !matches!(&*encoded.method, "tools/call" | "prompts/get" | "resources/read") {
        return Err(ClientError::protocol(format!("`{}` must not ask for input", encoded.method)));
    }
    let required: InputRequiredResult = reply.read(&encoded.method)?;
    if required.input_requests.is_none() && required.request_state.is_none() {
        return Err(ClientError::protocol("a result asks for input but has neither questions nor a state"));
    }
    Ok(required)
}
