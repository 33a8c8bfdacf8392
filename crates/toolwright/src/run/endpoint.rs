use std::{
    env,
    io::{self, Write as _},
    sync::Arc,
};

use toolwright_server::{Error, core::joint::Endpoint};

use super::{
    arguments::{Asked, Transport, help, parse},
    environment::variable,
    log,
};

/// Runs `endpoint` as the program's command line and environment ask: the same as [`Run::run`](super::Run::run), for endpoints
/// that are no [`Server`](toolwright_server::Server).
///
/// # Errors
/// [`toolwright_server::Error::Usage`] for arguments and variables that make no sense, otherwise what serving reports.
pub async fn run_endpoint(endpoint: Arc<dyn Endpoint>) -> Result<(), Error> {
    let default = if cfg!(feature = "stdio") { Transport::Stdio } else { Transport::Http };
    match prepare(default)? {
        Asked::Help => Ok(()),
        Asked::Stdio => stdio(endpoint).await,
        #[cfg(feature = "http")]
        Asked::Http(address) => super::http::run(toolwright_http::HttpServer::new(endpoint), address).await,
        #[cfg(not(feature = "http"))]
        Asked::Http(_) => Err(absent("HTTP", "http")),
    }
}

/// As [`run_endpoint`], for what is served over HTTP unless stdio is asked for.
#[cfg(feature = "http")]
pub(super) async fn run_http(server: toolwright_http::HttpServer) -> Result<(), Error> {
    match prepare(Transport::Http)? {
        Asked::Help => Ok(()),
        Asked::Stdio => stdio(server.endpoint()).await,
        Asked::Http(address) => super::http::run(server, address).await,
    }
}

/// Finds out what is asked for, prints help, and sees to the log.
fn prepare(default: Transport) -> Result<Asked, Error> {
    let asked = parse(env::args_os().skip(1), variable, default)?;
    if asked == Asked::Help {
        // Nobody to tell it to is nobody to fail for.
        let _ = writeln!(io::stdout(), "{}", help(default));
    } else {
        log::install(variable("TOOLWRIGHT_LOG").as_deref())?;
    }
    Ok(asked)
}

#[cfg(feature = "stdio")]
use super::stdio::run as stdio;

#[cfg(not(feature = "stdio"))]
async fn stdio(_endpoint: Arc<dyn Endpoint>) -> Result<(), Error> {
    Err(absent("stdio", "stdio"))
}

#[cfg(not(all(feature = "stdio", feature = "http")))]
fn absent(transport: &str, feature: &str) -> Error {
    Error::Usage(format!(
        "this build has no {transport} transport; enable the feature `{feature}` of the crate `toolwright`"
    ))
}
