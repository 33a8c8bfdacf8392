use axum::Router;

use super::HttpServer;

impl HttpServer {
    /// As a router, which merges into an axum application with any state. The endpoint is served at `path` with and without a slash
    /// at its end, never by a redirect. The application's layers, routes and state go on as before.
    ///
    /// # Example
    /// ```
    /// use axum::{Router, routing::get};
    /// use toolwright_http::ServeHttp;
    /// use toolwright_server::Server;
    ///
    /// #[derive(Clone)]
    /// struct App;
    ///
    /// let mcp = Server::builder("demo").build()?.http().router("/mcp");
    /// let app: Router<App> = Router::new().route("/", get(async || "hello")).merge(mcp);
    /// # drop(app);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Panics
    /// When `path` does not begin with a slash, or is a path of another route, as axum's `Router::route` does.
    pub fn router<S>(self, path: &str) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        let (service, routes, _) = self.split();
        let trimmed = path.trim_end_matches('/');
        let mut router =
            routes.router(&service, false).route_service(&format!("{trimmed}/"), service.clone());
        if !trimmed.is_empty() {
            router = router.route_service(trimmed, service);
        }
        router
    }
}
