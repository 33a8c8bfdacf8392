//! Running a server as a program.
//!
//! [`Run::run`] takes the transport from the command line and the environment, so that the same program serves a host that
//! starts it over stdio and, with `--http 127.0.0.1:8000`, clients over HTTP. It logs to stderr, and it ends in good order.
mod arguments;
mod endpoint;
mod log;
mod server;

pub use endpoint::run_endpoint;
pub use server::Run;
