use std::{future::Future, sync::Arc};

use toolwright_server::{Server, ServerBuilder};

use crate::Error;

use super::run_endpoint;

/// Runs a server as a program. In the prelude; for [`Server`], [`ServerBuilder`] and, with the feature `http`, `HttpServer`.
///
/// # Command line and environment
/// | | |
/// |---|---|
/// | `--stdio` | MCP on stdin and stdout; the default of a [`Server`] |
/// | `--http ADDR` | MCP over HTTP at `ADDR`, for example `0.0.0.0:8000`; a port alone is one of loopback; the default of an `HttpServer`, at `127.0.0.1:8000` |
/// | `--help` | prints the options |
/// | `--` | everything after it is left to the program |
/// | `TOOLWRIGHT_TRANSPORT` | `stdio` or `http`; options win |
/// | `TOOLWRIGHT_HTTP` | the address for HTTP, and a wish for HTTP unless the transport is named |
/// | `TOOLWRIGHT_PATH` | the path of MCP over HTTP; `/mcp` if nobody says |
/// | `TOOLWRIGHT_ALLOWED_HOSTS` | the hosts that clients may address over HTTP, with commas between; loopback names if nobody says |
/// | `TOOLWRIGHT_ALLOWED_ORIGINS` | the origins of web pages that may call over HTTP, with commas between; those of loopback if nobody says |
/// | `TOOLWRIGHT_LOG` | what goes to stderr: a level, or levels by module such as `info,my_server=debug` |
///
/// What the environment says about HTTP wins over what the program says, because whoever deploys it knows where. A program with
/// options of its own serves the transport of its choice instead, with `toolwright::stdio::serve` or `HttpServer::serve`.
///
/// # How it ends
/// At the end of stdin, on SIGTERM and on Ctrl-C, running calls have time to finish
/// ([`Limits::drain`](toolwright_server::core::joint::Limits::drain)) before `run` returns. If calls outlast that, their threads
/// cannot be waited for and `run` ends the process with status 0; a second signal ends it at once with status 130.
///
/// # Example
/// ```no_run
/// use toolwright::prelude::*;
///
/// #[tokio::main]
/// async fn main() -> toolwright::Result<()> {
///     Server::builder("empty").run().await
/// }
/// ```
pub trait Run: Sized {
    /// Serves until the client is done or the process is told to end.
    ///
    /// # Errors
    /// [`Error::Server`] for arguments and variables that make no sense, for a builder that cannot be built, and for what starting
    /// and serving report.
    fn run(self) -> impl Future<Output = Result<(), Error>> + Send;
}

impl Run for Server {
    async fn run(self) -> Result<(), Error> {
        Ok(run_endpoint(Arc::new(self)).await?)
    }
}

impl Run for ServerBuilder {
    async fn run(self) -> Result<(), Error> {
        self.build()?.run().await
    }
}

#[cfg(feature = "http")]
impl Run for toolwright_http::HttpServer {
    async fn run(self) -> Result<(), Error> {
        Ok(super::endpoint::run_http(self).await?)
    }
}
