//! Settings of a server of its own.
use std::{future::Future, time::Duration};

use super::HttpServer;

impl HttpServer {
    /// The path of the endpoint, for a server of its own. Default `/mcp`. It is served with and without a slash at its end.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.serving.path = path.into();
        self
    }

    /// Most connections at a time, for a server of its own; further ones wait to be accepted. Default 10,000.
    pub fn max_connections(mut self, most: usize) -> Self {
        self.serving.max_connections = most;
        self
    }

    /// How long a connection may wait for its next request and for that one's whole head, for a server of its own. Default 75
    /// seconds, which is longer than proxies keep connections that they do not use: the one who sends has to be the one who closes.
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.serving.header_timeout = timeout;
        self
    }

    /// Most bytes of a request's head, for a server of its own; more is answered 431, and so are more than 100 headers. Default 32 KiB.
    pub fn max_header_size(mut self, bytes: usize) -> Self {
        self.serving.max_header_size = bytes;
        self
    }

    /// Whether SIGTERM and Ctrl-C end a server of its own in good order. Default yes.
    pub fn signals(mut self, signals: bool) -> Self {
        self.serving.signals = signals;
        self
    }

    /// Ends a server of its own in good order when `when` resolves, like a signal.
    pub fn shutdown(mut self, when: impl Future<Output = ()> + Send + 'static) -> Self {
        self.serving.shutdown = Some(Box::pin(when));
        self
    }

    /// Tells `hook` how many requests outlasted the end of a server of its own, if any did. What they left on blocking threads may
    /// keep a runtime from shutting down.
    pub fn given_up(mut self, hook: impl FnOnce(usize) + Send + 'static) -> Self {
        self.serving.given_up = Some(Box::new(hook));
        self
    }
}
