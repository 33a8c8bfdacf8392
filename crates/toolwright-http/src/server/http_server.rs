use std::{fmt, sync::Arc, time::Duration};

use toolwright_core::joint::Endpoint;

use super::{Options, SessionMode};
use crate::{
    events::{EventStore, SharedEventStore},
    service::HttpService,
    shared::Shared,
};

/// How an endpoint is served over HTTP. The defaults are safe: loopback names only, bounded bodies, sessions and streams.
#[must_use = "nothing is served until it is a router, a service or a server"]
#[derive(Clone)]
pub struct HttpServer {
    pub(crate) endpoint: Arc<dyn Endpoint>,
    pub(crate) options: Options,
}

impl HttpServer {
    /// Serves `endpoint`.
    pub fn new(endpoint: Arc<dyn Endpoint>) -> Self {
        Self { endpoint, options: Options::default() }
    }

    /// Whether clients of revisions with a handshake get a session. Default [`SessionMode::Optional`].
    pub fn sessions(mut self, mode: SessionMode) -> Self {
        self.options.sessions = mode;
        self
    }

    /// Most sessions at a time; beyond it the one that was idle longest goes. Default 10,000.
    pub fn max_sessions(mut self, most: usize) -> Self {
        self.options.max_sessions = most;
        self
    }

    /// After how long without a request or an open stream a session ends. Default 30 minutes.
    pub fn session_idle(mut self, idle: Duration) -> Self {
        self.options.session_idle = idle;
        self
    }

    /// Where the messages of sessions are kept for clients that lost their connection. Default a bounded
    /// [`MemoryEventStore`](crate::MemoryEventStore).
    pub fn event_store(mut self, store: impl EventStore) -> Self {
        self.options.events = Some(SharedEventStore::new(store));
        self
    }

    /// Keeps no messages: what a client misses when it loses its connection is lost.
    pub fn without_resumption(mut self) -> Self {
        self.options.events = None;
        self
    }

    /// After how long a client is asked to reconnect to a stream. Default one second.
    pub fn retry(mut self, retry: Duration) -> Self {
        self.options.retry = retry;
        self
    }

    /// How often a silent stream gets a comment, so that proxies leave it open. Default 15 seconds.
    pub fn keep_alive(mut self, interval: Duration) -> Self {
        self.options.keep_alive = interval;
        self
    }

    /// Most requests at a time, over all clients. Default 1,024.
    pub fn max_requests(mut self, most: usize) -> Self {
        self.options.max_requests = most;
        self
    }

    /// Most open streams that last: subscriptions and GET streams. Default 8,192.
    pub fn max_streams(mut self, most: usize) -> Self {
        self.options.max_streams = most;
        self
    }

    /// How long the body of a request may take to arrive. Default 30 seconds.
    pub fn body_timeout(mut self, timeout: Duration) -> Self {
        self.options.body_timeout = timeout;
        self
    }

    /// How long the head of a request may take to arrive, for a server of its own. Default 10 seconds.
    pub fn header_timeout(mut self, timeout: Duration) -> Self {
        self.options.header_timeout = timeout;
        self
    }

    /// As a tower service, for any stack that speaks `http`. It starts the endpoint with its first request.
    ///
    /// # Example
    /// ```
    /// use toolwright_http::ServeHttp;
    /// use toolwright_server::Server;
    ///
    /// let service = Server::builder("demo").build()?.http().service();
    /// let app: axum::Router = axum::Router::new().route_service("/mcp", service);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn service(self) -> HttpService {
        HttpService::new(Shared::new(self.endpoint, self.options, Arc::default()))
    }
}

impl fmt::Debug for HttpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServer").field("options", &self.options).finish_non_exhaustive()
    }
}
