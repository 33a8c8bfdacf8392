use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use toolwright_core::jsonrpc::{
    RpcError,
    encode::{self, AbsentId},
};

/// Why a request goes no further: a status, and what the peer or whoever runs the server can do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{text}")]
pub struct Refusal {
    status: StatusCode,
    text: String,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, text: impl Into<String>) -> Self {
        Self { status, text: text.into() }
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The answer: a JSON-RPC error without id, as the body was not read ("Streamable HTTP", "Security Warning").
    pub fn response(&self) -> Response<Bytes> {
        let error = RpcError::invalid_request(self.text.clone());
        let mut response = Response::new(encode::error(None, AbsentId::Omitted, &error));
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        response
    }
}

/// What a refusal repeats of the request: whoever configures the server copies it from there. Nothing longer than a name can be.
pub(super) fn shown(value: &str) -> &str {
    if value.len() <= 255 { value } else { "..." }
}
