//! Running a server as a program.
//!
//! [`Run::run`] takes the transport from the command line and the environment, so that the same program serves a host that
//! starts it over stdio and, with `--http 127.0.0.1:8000`, clients over HTTP. It logs to stderr, and it ends in good order.
mod address;
mod arguments;
mod endpoint;
mod environment;
#[cfg(feature = "http")]
mod http;
mod log;
mod server;
#[cfg(feature = "stdio")]
mod stdio;
#[cfg(feature = "http")]
mod wishes;

pub use endpoint::run_endpoint;
pub use server::Run;

/// What shells report for a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

/// What a transport reports of an endpoint that did not start, unwrapped if it is a server's own error.
fn start_error(source: Box<dyn std::error::Error + Send + Sync>) -> toolwright_server::Error {
    match source.downcast::<toolwright_server::Error>() {
        Ok(error) => *error,
        Err(source) => toolwright_server::Error::Start { what: "the server".into(), source },
    }
}
