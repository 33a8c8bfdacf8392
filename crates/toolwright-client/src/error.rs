use std::{borrow::Cow, sync::Arc, time::Duration};

use http::StatusCode;
use toolwright_core::{
    era::Revision,
    joint::{ConnectError, LinkError},
    jsonrpc::{ErrorCode, RpcError},
};

use crate::ToolError;

/// Why a [`Client`](crate::Client) could not do what it was asked to. Each variant says whose fault it is.
///
/// Conditions found on this side, such as [`Timeout`](Self::Timeout) or [`Closed`](Self::Closed), never look like an answer of
/// the server, which is [`Rpc`](Self::Rpc).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// The server cannot be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The connection failed under a request.
    #[error(transparent)]
    Link(LinkError),
    /// The server sent more at once than this side takes.
    #[error("the server sent more than {limit} bytes at once")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// There is no authorization that the server accepts.
    #[error("not authorized: {0}")]
    Unauthorized(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The transport refused the request with a status, and no message of the protocol says why.
    #[error("the server refused the request with HTTP status {status}")]
    Refused {
        /// The status.
        status: StatusCode,
    },
    /// Client and server have no revision of the protocol in common.
    #[error("no common protocol revision: this client accepts {accepted}, the server has {offered}")]
    Revision {
        /// What this client was told to accept.
        accepted: String,
        /// What the server offered.
        offered: String,
    },
    /// The server answered with an error.
    #[error(transparent)]
    Rpc(#[from] RpcError),
    /// The tool ran and reports a failure (`isError`).
    #[error(transparent)]
    Tool(#[from] ToolError),
    /// The server did not answer in time. The request was cancelled.
    #[error("no answer to `{method}` within {:?}", milliseconds(after))]
    Timeout {
        /// The method of the request.
        method: Cow<'static, str>,
        /// How long the client waited.
        after: Duration,
    },
    /// The server broke the protocol.
    #[error("the server broke the protocol: {0}")]
    Protocol(Cow<'static, str>),
    /// Arguments or parameters cannot be written as JSON.
    #[error("{what} cannot be written as JSON: {source}")]
    Encode {
        /// What was to be written.
        what: Cow<'static, str>,
        /// Why it cannot.
        #[source]
        source: serde_json::Error,
    },
    /// The answer is valid, but not of the type asked for.
    #[error("{what} is not of the expected type: {source}")]
    Decode {
        /// What was to be read.
        what: Cow<'static, str>,
        /// Why it cannot.
        #[source]
        source: serde_json::Error,
    },
    /// The tool's structured result is not what its output schema says.
    #[error("the result of tool `{tool}` does not fit its output schema: {reason}")]
    OutputSchema {
        /// The tool.
        tool: Box<str>,
        /// What does not fit.
        reason: String,
    },
    /// The server asked something that this client has no handler for, or whose handler refused, so that the request cannot go
    /// on.
    #[error("the server's question `{key}` has no answer: {reason}")]
    Unanswered {
        /// The server's name for its question.
        key: String,
        /// Why there is no answer.
        reason: String,
    },
    /// The server kept asking. See [`Builder::max_rounds`](crate::Builder::max_rounds).
    #[error("the server still asks for input after {limit} rounds")]
    Rounds {
        /// The limit.
        limit: usize,
    },
    /// The revision in use has no such thing.
    #[error("revision {revision} has no {what}")]
    Unsupported {
        /// What was asked for.
        what: Cow<'static, str>,
        /// The revision in use.
        revision: Revision,
    },
    /// The connection is closed.
    #[error("the connection is closed")]
    Closed,
    /// The connection was lost, and could not be opened again. The next request tries once more.
    #[error("the connection was lost, and cannot be opened again: {0}")]
    Lost(#[source] Arc<ClientError>),
}

impl ClientError {
    pub(crate) fn protocol(what: impl Into<Cow<'static, str>>) -> Self {
        Self::Protocol(what.into())
    }

    pub(crate) fn decode(what: impl Into<Cow<'static, str>>, source: serde_json::Error) -> Self {
        Self::Decode { what: what.into(), source }
    }

    /// The error that the server answered with, if that is what happened.
    pub fn rpc(&self) -> Option<&RpcError> {
        match self {
            Self::Rpc(error) => Some(error),
            _ => None,
        }
    }

    /// Whether the server says that there is no such resource: `-32002` of older revisions, or `-32602` that names the URI
    /// ("Resources", "Error Handling").
    ///
    /// # Example
    /// ```
    /// use serde_json::json;
    /// use toolwright_client::ClientError;
    /// use toolwright_core::jsonrpc::RpcError;
    ///
    /// let gone = RpcError::invalid_params("no such resource").data(json!({ "uri": "notes://1" }));
    /// assert!(ClientError::from(gone).is_not_found());
    /// assert!(!ClientError::from(RpcError::invalid_params("`cursor` is malformed")).is_not_found());
    /// ```
    pub fn is_not_found(&self) -> bool {
        #[derive(serde::Deserialize)]
        struct Named {
            #[expect(dead_code, reason = "only its presence counts")]
            uri: String,
        }
        self.rpc().is_some_and(|error| match error.code {
            ErrorCode::RESOURCE_NOT_FOUND_LEGACY => true,
            ErrorCode::INVALID_PARAMS => error.data.as_ref().is_some_and(|data| data.read::<Named>().is_ok()),
            _ => false,
        })
    }

    /// Whether the server does not know the method, or does not offer what it belongs to.
    pub fn is_method_not_found(&self) -> bool {
        self.rpc().is_some_and(|error| error.code == ErrorCode::METHOD_NOT_FOUND)
    }

    /// Whether the parameters did not fit.
    pub fn is_invalid_params(&self) -> bool {
        self.rpc().is_some_and(|error| error.code == ErrorCode::INVALID_PARAMS)
    }

    /// Whether the server did not answer in time.
    pub fn is_timeout(&self) -> bool {
        matches!(self, Self::Timeout { .. })
    }

    /// Whether the connection is gone, however it went.
    pub fn is_closed(&self) -> bool {
        matches!(self, Self::Closed | Self::Link(_) | Self::Lost(_))
    }
}

/// What of a time that was measured is worth reading.
fn milliseconds(time: &Duration) -> Duration {
    Duration::new(time.as_secs(), time.subsec_millis() * 1_000_000)
}

impl From<LinkError> for ClientError {
    fn from(error: LinkError) -> Self {
        match error {
            LinkError::Closed => Self::Closed,
            LinkError::Malformed(what) => Self::Protocol(what),
            LinkError::TooLarge { limit } => Self::TooLarge { limit },
            LinkError::Unauthorized(source) => Self::Unauthorized(source),
            other => Self::Link(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_was_measured_is_told_in_milliseconds() {
        let error = |after| ClientError::Timeout { method: "ping".into(), after }.to_string();
        assert_eq!(error(Duration::from_nanos(301_272_449)), "no answer to `ping` within 301ms");
        assert_eq!(error(Duration::from_secs(60)), "no answer to `ping` within 60s");
    }
}
