use http::StatusCode;
use toolwright_http::ServeHttp as _;

use super::{
    running::{Gate, Running, server},
    socket::{call, text},
};

#[tokio::test]
async fn the_endpoint_has_its_path_with_and_without_a_slash_and_never_redirects() {
    for path in ["/mcp", "/mcp/", "/v1/mcp", "/v1/mcp/", "/"] {
        let running = Running::start(|http| http.path(path)).await;
        let mut socket = running.connect().await;
        let trimmed = path.trim_end_matches('/');
        for asked in [trimmed, &format!("{trimmed}/")] {
            let asked = if asked.is_empty() { "/" } else { asked };
            let headers =
                [("mcp-protocol-version", "2026-07-28"), ("mcp-method", "tools/call"), ("mcp-name", "quick")];
            socket.send("POST", asked, &headers, &call(1, "quick").to_string()).await;
            let (status, body) = socket.response().await;
            assert_eq!(status, StatusCode::OK, "{path} asked as {asked}: {body}");
            assert_eq!(text(&serde_json::from_str(&body).unwrap()), "here");
        }
    }
}

#[tokio::test]
async fn everything_else_is_not_found_and_says_where_mcp_is() {
    let running = Running::start(|http| http).await;
    let mut socket = running.connect().await;
    for path in ["/", "/mcp2", "/mcp/mcp", "/.well-known/oauth-protected-resource/mcp"] {
        let (status, body) = socket.get(path).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
        assert!(body.contains("MCP is served at /mcp"), "{body}");
    }
}

#[tokio::test]
async fn routes_of_the_user_are_served_beside_the_endpoint() {
    use axum::{extract::ConnectInfo, routing::get};
    let peer = get(async |ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>| peer.ip().to_string());
    let running = Running::start(|http| http.public_route("/peer", peer)).await;
    let mut socket = running.connect().await;
    assert_eq!(socket.get("/peer").await, (StatusCode::OK, "127.0.0.1".into()));
    assert_eq!(text(&socket.call(&call(1, "quick")).await), "here");
}

#[tokio::test]
async fn a_public_route_is_for_everybody_and_a_protected_one_for_known_callers() {
    use axum::{Extension, routing::get};
    use toolwright_core::joint::Principal;
    use toolwright_http::bearer::BearerTokens;

    let me = get(async |Extension(who): Extension<Principal>| who.subject().to_owned());
    let tokens = BearerTokens::new().token("s3cret", Principal::new("ada"));
    let gate = Gate::default();
    let server = server(&gate).auth(tokens).build().unwrap();
    let routes = |http: toolwright_http::HttpServer| {
        http.public_route("/open", get(async || "come in")).protected_route("/me", me.clone())
    };
    let running = Running::of(server.http(), gate, routes).await;
    let mut socket = running.connect().await;
    assert_eq!(socket.get("/open").await, (StatusCode::OK, "come in".into()));
    assert_eq!(socket.get("/.well-known/oauth-protected-resource").await.0, StatusCode::NOT_FOUND);
    socket.send("GET", "/me", &[("authorization", "Bearer s3cret")], "").await;
    assert_eq!(socket.response().await, (StatusCode::OK, "ada".into()));
    socket.send("GET", "/me", &[("authorization", "Bearer guess")], "").await;
    let head = socket.head().await;
    assert_eq!(head.status, StatusCode::UNAUTHORIZED);
    assert!(head.header("www-authenticate").unwrap().starts_with("Bearer "));
    socket.body(&head).await;

    let running = Running::start(routes).await;
    let (status, _) = running.connect().await.get("/me").await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "nobody is known where nobody checks tokens");
}

#[tokio::test]
async fn routes_of_the_user_are_behind_the_check_of_hosts_too() {
    use axum::routing::get;
    let running = Running::start(|http| http.public_route("/open", get(async || "come in"))).await;
    let mut socket = running.connect().await;
    socket.write("GET /open HTTP/1.1\r\nhost: evil.example.org\r\n\r\n").await;
    assert_eq!(socket.response().await.0, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn health_and_readiness_can_be_left_out() {
    let running = Running::start(|http| http.health(false)).await;
    let mut socket = running.connect().await;
    for path in ["/health", "/ready"] {
        assert_eq!(socket.get(path).await.0, StatusCode::NOT_FOUND);
    }
}

#[tokio::test]
async fn probes_may_name_any_host() {
    let running = Running::start(|http| http).await;
    let mut socket = running.connect().await;
    for path in ["/health", "/ready"] {
        socket.write(&format!("GET {path} HTTP/1.1\r\nhost: 10.1.2.3:8000\r\n\r\n")).await;
        assert_eq!(socket.response().await.0, StatusCode::OK);
    }
}

/// Serves an application and talks to it.
async fn application(app: axum::Router) -> super::socket::Socket {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    super::socket::Socket::open(address).await
}

#[tokio::test]
async fn a_router_merges_into_an_application_with_its_own_state_and_routes() {
    use axum::{Router, extract::State, routing::get};
    #[derive(Clone)]
    struct App(&'static str);
    let mcp = server(&Gate::default()).build().unwrap().http().router("/mcp");
    let app = Router::new()
        .route("/", get(async |State(App(name)): State<App>| name))
        .merge(mcp)
        .with_state(App("an application"));
    let mut socket = application(app).await;
    assert_eq!(socket.get("/").await.1, "an application");
    for path in ["/mcp", "/mcp/"] {
        let headers =
            [("mcp-protocol-version", "2026-07-28"), ("mcp-method", "tools/call"), ("mcp-name", "quick")];
        socket.send("POST", path, &headers, &call(1, "quick").to_string()).await;
        assert_eq!(socket.response().await.0, StatusCode::OK, "{path}");
    }
    for path in ["/health", "/ready"] {
        assert_eq!(socket.get(path).await.0, StatusCode::NOT_FOUND, "an application has its own");
    }
}

#[tokio::test]
async fn an_embedded_endpoint_becomes_ready_when_it_is_asked_whether_it_is() {
    let http = server(&Gate::default()).build().unwrap().http().health(true);
    let handle = http.handle();
    let mut socket = application(http.router("/mcp")).await;
    assert!(!handle.is_ready());
    assert_eq!(socket.get("/health").await.0, StatusCode::OK);
    while socket.get("/ready").await.0 != StatusCode::OK {}
    assert!(handle.is_ready());
    handle.stop().await;
    assert_eq!(socket.get("/ready").await.0, StatusCode::SERVICE_UNAVAILABLE);
    socket.post(&call(1, "quick")).await;
    assert_eq!(socket.response().await.0, StatusCode::SERVICE_UNAVAILABLE);
}
