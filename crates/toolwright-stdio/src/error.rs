use std::io;

/// Why serving a byte stream ended otherwise than in good order.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The server could not start; no message was read.
    #[error("the server could not start: {0}")]
    Start(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Reading failed. Everything that had been read before was answered.
    #[error("cannot read messages: {0}")]
    Read(#[source] io::Error),
    /// The system refused a thread or a signal handler.
    #[error("cannot set up the connection: {0}")]
    Setup(#[source] io::Error),
    /// A second signal came before running calls had finished.
    #[error("interrupted before all running calls had finished")]
    Interrupted,
}
