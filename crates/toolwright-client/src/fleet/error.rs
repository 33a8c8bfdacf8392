use std::sync::Arc;

use crate::ClientError;

/// What went wrong with one of many servers, and with which.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// No connected server has that name.
    #[error("no server for {what}; connected are {}", names(.connected))]
    Unknown {
        /// What was asked for.
        what: String,
        /// The names of those that are connected.
        connected: Vec<String>,
    },
    /// A server could not do what it was asked to, or not be connected to.
    #[error("server `{server}`: {error}")]
    Failed {
        /// Its name.
        server: Arc<str>,
        /// What went wrong.
        error: ClientError,
    },
}

impl ServerError {
    pub(super) fn new(server: &Arc<str>, error: ClientError) -> Self {
        Self::Failed { server: Arc::clone(server), error }
    }

    /// The name of the server that failed.
    pub fn server(&self) -> Option<&str> {
        match self {
            Self::Unknown { .. } => None,
            Self::Failed { server, .. } => Some(server),
        }
    }
}

fn names(connected: &[String]) -> String {
    if connected.is_empty() { "none".to_owned() } else { connected.join(", ") }
}
