use toolwright_core::{Raw, jsonrpc::RpcError, model::ClientCapabilities};

use crate::HandlerError;

/// Why a question has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum QuestionError {
    /// The client did not declare that it can answer this.
    #[error("the client cannot answer this question: it did not declare {}", names(.0))]
    Unsupported(Box<ClientCapabilities>),
    /// The question cannot reach the client from here.
    #[error("the client cannot be asked here: {0}")]
    Unreachable(&'static str),
    /// The client is gone, or the call has been answered.
    #[error("the client is gone")]
    Closed,
    /// The client refused.
    #[error("the client refused to answer: {0}")]
    Refused(RpcError),
    /// More questions at once than the server allows.
    #[error(
        "the call asks more than {most} questions at once, which is as many as the server allows; raise `Limits::questions`"
    )]
    TooMany {
        /// How many it allows.
        most: usize,
    },
    /// The answer is not what was asked for.
    #[error("the client's answer cannot be used: {0}")]
    Invalid(String),
}

impl QuestionError {
    /// What the handler's caller is told: stateless clients get the code for a missing capability, everyone else a text
    /// ("Error codes").
    pub(crate) fn into_handler_error(self, stateless: bool) -> HandlerError {
        match self {
            Self::Unsupported(missing) if stateless => {
                HandlerError::rpc(RpcError::missing_client_capability(
                    &Raw::serialize(&missing).expect("capabilities can always be written"),
                ))
            }
            other => HandlerError::public(other),
        }
    }
}

fn names(missing: &ClientCapabilities) -> String {
    serde_json::to_string(missing).unwrap_or_default()
}
