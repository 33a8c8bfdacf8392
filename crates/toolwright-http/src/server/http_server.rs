use std::{fmt, sync::Arc, time::Duration};

use axum::routing::MethodRouter;
use toolwright_core::joint::Endpoint;

use super::{Options, Routes, Serving, SessionMode};
use crate::{
    events::{EventStore, SharedEventStore},
    pair::PairPaths,
    serve::{Held, HttpHandle},
    service::HttpService,
    shared::Shared,
};

/// How an endpoint is served over HTTP. The defaults are safe: loopback names only, bounded bodies, sessions and streams.
#[must_use = "nothing is served until it is a router, a service or a server"]
pub struct HttpServer {
    pub(crate) endpoint: Arc<dyn Endpoint>,
    pub(crate) options: Options,
    pub(crate) routes: Routes,
    pub(crate) serving: Serving,
    pub(crate) held: Arc<Held>,
}

impl HttpServer {
    /// Serves `endpoint`.
    pub fn new(endpoint: Arc<dyn Endpoint>) -> Self {
        Self {
            endpoint,
            options: Options::default(),
            routes: Routes::default(),
            serving: Serving::default(),
            held: Arc::default(),
        }
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

    /// What is served over HTTP.
    pub fn endpoint(&self) -> Arc<dyn Endpoint> {
        Arc::clone(&self.endpoint)
    }

    /// Whether `/health` and `/ready` are served. A server of its own has them unless told otherwise, a router has not.
    ///
    /// `/health` is 200 as long as the process serves anything. `/ready` is 200 once the endpoint has started, and 503 before that and
    /// from the beginning of the end on. Both answer everybody: probes have no token, and name the address of a machine as host.
    pub fn health(mut self, health: bool) -> Self {
        self.routes.health = Some(health);
        self
    }

    /// A route of yours that anybody may call who names an allowed host, at a path as axum writes it.
    ///
    /// # Example
    /// ```
    /// use axum::routing::get;
    /// use toolwright_http::ServeHttp;
    /// use toolwright_server::Server;
    ///
    /// let http = Server::builder("demo").build()?.http().public_route("/version", get(async || "1.2.0"));
    /// # drop(http);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// When the path is none, as axum's `Router::route` does.
    pub fn public_route(mut self, path: &str, route: MethodRouter) -> Self {
        self.routes.public = self.routes.public.route(path, route);
        self
    }

    /// Serves clients of 2024-11-05, too, who read at one path and write at another (2024-11-05, "HTTP with SSE"). Off unless asked
    /// for. Part of a router and of a server of its own, not of a service.
    ///
    /// A session lasts as long as its stream, and what is lost with the connection is lost.
    ///
    /// # Example
    /// ```
    /// use toolwright_http::ServeHttp;
    /// use toolwright_server::Server;
    ///
    /// let app: axum::Router = Server::builder("demo").build()?.http().sse_pair("/sse", "/messages").router("/mcp");
    /// # drop(app);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sse_pair(mut self, events: &str, messages: &str) -> Self {
        self.routes.pair = Some(PairPaths::new(events, messages));
        self
    }

    /// A route of yours for callers who are known: they send a token that the endpoint's verifier accepts, or a layer of yours
    /// inserted a [`Principal`](toolwright_core::joint::Principal) before. Its handlers find it as an extension of the request. Where
    /// nobody is known, it is 401.
    ///
    /// # Example
    /// ```
    /// use axum::{Extension, routing::get};
    /// use toolwright_core::joint::Principal;
    /// use toolwright_http::{ServeHttp, bearer::BearerTokens};
    /// use toolwright_server::Server;
    ///
    /// async fn me(Extension(principal): Extension<Principal>) -> String {
    ///     principal.subject().to_owned()
    /// }
    ///
    /// let tokens = BearerTokens::new().token("s3cret", Principal::new("ada"));
    /// let http = Server::builder("demo").auth(tokens).build()?.http().protected_route("/me", get(me));
    /// # drop(http);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// When the path is none, as axum's `Router::route` does.
    pub fn protected_route(mut self, path: &str, route: MethodRouter) -> Self {
        self.routes.protected = self.routes.protected.route(path, route);
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
        self.split().0
    }

    /// Watches and ends what this is going to be.
    pub fn handle(&self) -> HttpHandle {
        HttpHandle(Arc::clone(&self.held))
    }

    pub(crate) fn split(self) -> (HttpService, Routes, Serving) {
        let shared = Shared::new(self.endpoint, self.options, Arc::clone(&self.held.life));
        self.held.shared.get_or_init(|| Arc::downgrade(&shared));
        (HttpService::new(shared), self.routes, self.serving)
    }
}

impl fmt::Debug for HttpServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpServer")
            .field("options", &self.options)
            .field("serving", &self.serving)
            .finish_non_exhaustive()
    }
}
