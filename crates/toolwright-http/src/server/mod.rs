//! Configuring how an endpoint is served.
mod http_server;
mod options;
mod serve_http;
mod session_mode;

pub use http_server::HttpServer;
pub(crate) use options::Options;
pub use serve_http::ServeHttp;
pub use session_mode::SessionMode;
