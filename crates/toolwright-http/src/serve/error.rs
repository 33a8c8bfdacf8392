use std::io;

/// Why serving over HTTP did not begin, or ended otherwise than in good order.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The address cannot be listened at: it is taken, not this machine's, or not allowed.
    #[error("cannot listen at {address}: {source}")]
    Bind {
        /// The address as it was asked for.
        address: String,
        /// What the system says.
        source: io::Error,
    },
    /// The server could not start; no message was served.
    #[error("the server could not start: {0}")]
    Start(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The system refused a signal handler, or does not tell the address that is listened at.
    #[error("cannot set up the server: {0}")]
    Setup(#[source] io::Error),
    /// A second signal came before running requests had finished.
    #[error("interrupted before all running requests had finished")]
    Interrupted,
}
