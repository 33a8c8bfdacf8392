use http::StatusCode;

use super::Era;
use crate::jsonrpc::ErrorCode;

impl Era {
    /// The HTTP status of an error that was found before a handler ran ("Error codes"). Transports without a status ignore it.
    pub fn status_at_the_edge(self, error: ErrorCode) -> StatusCode {
        match error {
            ErrorCode::PARSE_ERROR | ErrorCode::INVALID_REQUEST => StatusCode::BAD_REQUEST,
            ErrorCode::METHOD_NOT_FOUND if self.is_stateless() => StatusCode::NOT_FOUND,
            _ => self.status_of_handler(error),
        }
    }

    /// The HTTP status of an error that a handler or a look-up ended with: in-band, except for what the specification always
    /// answers with 400.
    pub fn status_of_handler(self, error: ErrorCode) -> StatusCode {
        match error {
            ErrorCode::HEADER_MISMATCH
            | ErrorCode::MISSING_CLIENT_CAPABILITY
            | ErrorCode::UNSUPPORTED_PROTOCOL_VERSION
                if self.is_stateless() =>
            {
                StatusCode::BAD_REQUEST
            }
            _ => StatusCode::OK,
        }
    }

    /// The HTTP status of a request whose required `_meta` is missing or malformed.
    pub fn status_of_bad_meta(self) -> StatusCode {
        if self.is_stateless() { StatusCode::BAD_REQUEST } else { StatusCode::OK }
    }
}
