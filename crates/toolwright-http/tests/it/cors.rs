use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::{Router, body::Body, routing::post};
use http::{Request, Response, StatusCode};
use toolwright_http::{Cors, bearer::Challenge, guard::Origins};
use tower_service::Service;

/// An application that wants a token from everybody, within the layer, and how many requests reached it.
struct App {
    router: Router,
    reached: Arc<AtomicUsize>,
}

impl App {
    fn new(origins: &[&str]) -> Self {
        let reached = Arc::new(AtomicUsize::new(0));
        let count = reached.clone();
        let refuse = post(move || async move {
            count.fetch_add(1, Ordering::Relaxed);
            Challenge::missing().response().map(Body::from)
        });
        let cors = Cors::new(Origins::parse(origins).expect("origins"));
        Self { router: Router::new().route("/mcp", refuse).layer(cors), reached }
    }

    async fn answer(&mut self, method: &str, headers: &[(&str, &str)]) -> Response<Body> {
        let mut request = Request::builder().method(method).uri("/mcp");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.router.call(request.body(Body::empty()).expect("a request")).await.expect("an answer")
    }

    async fn preflight(&mut self, origin: &str) -> Response<Body> {
        self.answer(
            "OPTIONS",
            &[
                ("origin", origin),
                ("access-control-request-method", "POST"),
                (
                    "access-control-request-headers",
                    "authorization,content-type,mcp-protocol-version,mcp-param-region",
                ),
            ],
        )
        .await
    }
}

fn list(response: &Response<Body>, header: &str) -> BTreeSet<String> {
    let value = response.headers().get(header).map_or("", |value| value.to_str().expect("ASCII"));
    value.split(',').map(|each| each.trim().to_ascii_lowercase()).filter(|each| !each.is_empty()).collect()
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[tokio::test]
async fn a_preflight_is_granted_without_a_token() {
    let mut app = App::new(&["https://app.example.com"]);
    let answer = app.preflight("https://app.example.com").await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.headers()["access-control-allow-origin"], "https://app.example.com");
    assert_eq!(list(&answer, "access-control-allow-methods"), names(&["get", "post", "delete", "options"]));
    assert_eq!(
        list(&answer, "access-control-allow-headers"),
        names(&["authorization", "content-type", "mcp-protocol-version", "mcp-param-region"]),
    );
    assert_eq!(answer.headers()["access-control-max-age"], "3600");
    assert!(!answer.headers().contains_key("access-control-allow-credentials"));
    assert_eq!(app.reached.load(Ordering::Relaxed), 0);
}

#[tokio::test]
async fn a_page_may_read_what_a_client_needs() {
    let mut app = App::new(&["https://app.example.com"]);
    let answer = app.answer("POST", &[("origin", "https://app.example.com")]).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers()["access-control-allow-origin"], "https://app.example.com");
    assert!(answer.headers().contains_key("www-authenticate"));
    assert_eq!(
        list(&answer, "access-control-expose-headers"),
        names(&["mcp-session-id", "mcp-protocol-version", "www-authenticate", "retry-after"]),
    );
    assert!(list(&answer, "vary").contains("origin"));
}

#[tokio::test]
async fn a_foreign_page_gets_no_grant() {
    let mut app = App::new(&["https://app.example.com"]);
    for origin in
        ["https://evil.example.com", "https://app.example.com.evil.net", "http://app.example.com", "null"]
    {
        let preflight = app.preflight(origin).await;
        assert!(!preflight.headers().contains_key("access-control-allow-origin"), "{origin}");
        let answer = app.answer("POST", &[("origin", origin)]).await;
        assert!(!answer.headers().contains_key("access-control-allow-origin"), "{origin}");
    }
}

#[tokio::test]
async fn a_caller_that_is_no_page_is_served_as_ever() {
    let mut app = App::new(&["https://app.example.com"]);
    let answer = app.answer("POST", &[]).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert!(!answer.headers().contains_key("access-control-allow-origin"));
    assert_eq!(app.reached.load(Ordering::Relaxed), 1);
}

#[tokio::test]
async fn patterns_of_origins_are_granted_one_by_one() {
    let mut app = App::new(&["https://*.example.com", "http://localhost:*"]);
    for origin in ["https://a.example.com", "http://localhost:5173"] {
        assert_eq!(app.preflight(origin).await.headers()["access-control-allow-origin"], origin);
    }
}
