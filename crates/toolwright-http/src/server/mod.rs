//! Configuring how an endpoint is served.
mod access;
mod embed;
mod http_server;
mod options;
mod routes;
mod serve_http;
mod serving;
mod session_mode;
mod settings;

pub use http_server::HttpServer;
pub(crate) use options::Options;
pub(crate) use routes::Routes;
pub use serve_http::ServeHttp;
pub(crate) use serving::Serving;
pub use session_mode::SessionMode;
