use std::sync::Arc;

use toolwright_core::joint::Endpoint;

use super::HttpServer;

/// Serving over HTTP. In the prelude; for `Server` and every other endpoint.
pub trait ServeHttp {
    /// Starts to configure how this is served over HTTP.
    fn http(&self) -> HttpServer;
}

impl<E: Endpoint + Clone> ServeHttp for E {
    fn http(&self) -> HttpServer {
        HttpServer::new(Arc::new(self.clone()))
    }
}
