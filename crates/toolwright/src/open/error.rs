use std::path::PathBuf;

use toolwright_client::{ClientError, ServerError};

/// Why nothing came of opening a target. Says what the target was taken for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// It cannot be taken for anything.
    #[error("cannot tell what to open: {0}")]
    Target(String),
    /// The server cannot be connected to.
    #[error("taken for {guess}: {error}")]
    Connect {
        /// What the target was taken for.
        guess: String,
        /// What went wrong.
        error: ClientError,
    },
    /// One of many servers cannot be connected to.
    #[error(transparent)]
    Server(#[from] ServerError),
    /// A configuration cannot be read.
    #[error("taken for a configuration of servers: `{}`: {problem}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        problem: String,
    },
    /// A configuration is not what hosts write.
    #[error("the configuration of servers {0}")]
    Config(String),
    /// A configuration has more than one server, or none.
    #[error("the configuration has {}", count(.servers))]
    Count {
        /// The names of the servers in it.
        servers: Vec<String>,
    },
}

fn count(servers: &[String]) -> String {
    if servers.is_empty() {
        "no server under `mcpServers` that is not disabled".to_owned()
    } else {
        let servers = servers.join(", ");
        format!("the servers {servers}; open it as `Clients`, or name one server with `Servers::one`")
    }
}
