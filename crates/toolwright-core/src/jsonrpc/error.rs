use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::json;

use super::ErrorCode;
use crate::Raw;

/// An error as it goes over the wire: everything in it is public.
///
/// # Example
/// ```
/// use toolwright_core::jsonrpc::{ErrorCode, RpcError};
///
/// let error = RpcError::method_not_found("tools/fly");
/// assert_eq!(error.code, ErrorCode::METHOD_NOT_FOUND);
/// assert_eq!(error.to_string(), "unknown method `tools/fly` (-32601)");
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[error("{message} ({code})")]
#[non_exhaustive]
pub struct RpcError {
    /// What kind of error it is.
    pub code: ErrorCode,
    /// One short sentence for whoever reads the log of the peer.
    pub message: Cow<'static, str>,
    /// Details for the peer's program. JSON `null` is a value, too.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "present")]
    pub data: Option<Raw>,
}

impl RpcError {
    /// An error of any code.
    pub fn new(code: impl Into<ErrorCode>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { code: code.into(), message: message.into(), data: None }
    }

    /// Adds details.
    #[must_use]
    pub fn data(mut self, data: impl Into<Raw>) -> Self {
        self.data = Some(data.into());
        self
    }

    /// [`PARSE_ERROR`](ErrorCode::PARSE_ERROR).
    pub fn parse_error(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::PARSE_ERROR, message)
    }

    /// [`INVALID_REQUEST`](ErrorCode::INVALID_REQUEST).
    pub fn invalid_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::INVALID_REQUEST, message)
    }

    /// [`METHOD_NOT_FOUND`](ErrorCode::METHOD_NOT_FOUND), with a text that names the method.
    pub fn method_not_found(method: &str) -> Self {
        Self::new(ErrorCode::METHOD_NOT_FOUND, format!("unknown method `{method}`"))
    }

    /// [`INVALID_PARAMS`](ErrorCode::INVALID_PARAMS).
    pub fn invalid_params(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::INVALID_PARAMS, message)
    }

    /// [`INTERNAL_ERROR`](ErrorCode::INTERNAL_ERROR).
    pub fn internal_error(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::INTERNAL_ERROR, message)
    }

    /// [`RESOURCE_NOT_FOUND_LEGACY`](ErrorCode::RESOURCE_NOT_FOUND_LEGACY), with the URI in text and data.
    pub fn resource_not_found_legacy(uri: &str) -> Self {
        Self::new(ErrorCode::RESOURCE_NOT_FOUND_LEGACY, format!("no resource `{uri}`"))
            .data(json!({ "uri": uri }))
    }

    /// [`HEADER_MISMATCH`](ErrorCode::HEADER_MISMATCH).
    pub fn header_mismatch(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(ErrorCode::HEADER_MISMATCH, message)
    }

    /// [`MISSING_CLIENT_CAPABILITY`](ErrorCode::MISSING_CLIENT_CAPABILITY); `required` has the shape of client capabilities and
    /// holds just what is missing, for example `{"sampling":{}}`.
    pub fn missing_client_capability(required: &Raw) -> Self {
        let mut data = serde_json::Map::new();
        data.insert("requiredCapabilities".into(), required.read().unwrap_or_default());
        Self::new(
            ErrorCode::MISSING_CLIENT_CAPABILITY,
            format!("the request needs client capabilities that it did not declare: {}", required.as_str()),
        )
        .data(serde_json::Value::Object(data))
    }

    /// [`UNSUPPORTED_PROTOCOL_VERSION`](ErrorCode::UNSUPPORTED_PROTOCOL_VERSION), with both data members that the specification
    /// asks for.
    pub fn unsupported_protocol_version(requested: &str, supported: &[&str]) -> Self {
        Self::new(
            ErrorCode::UNSUPPORTED_PROTOCOL_VERSION,
            format!("protocol version `{requested}` is not served; supported: {}", supported.join(", ")),
        )
        .data(json!({ "supported": supported, "requested": requested }))
    }

    /// [`URL_ELICITATION_REQUIRED`](ErrorCode::URL_ELICITATION_REQUIRED); `elicitations` is the array of what the user has to
    /// visit.
    pub fn url_elicitation_required(message: impl Into<Cow<'static, str>>, elicitations: &Raw) -> Self {
        let elicitations: serde_json::Value = elicitations.read().unwrap_or_default();
        Self::new(ErrorCode::URL_ELICITATION_REQUIRED, message).data(json!({ "elicitations": elicitations }))
    }
}

/// Tells `"data":null` from no data.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Raw>, D::Error> {
    Raw::deserialize(deserializer).map(Some)
}
