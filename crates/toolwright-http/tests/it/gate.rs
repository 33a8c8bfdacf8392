//! Who may call, as the whole service sees it.
use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use toolwright_core::joint::{Limits, Principal};
use toolwright_http::bearer::BearerTokens;

use crate::{
    double::Double,
    wire::{Reply, Wire, post, request},
};

const APP: &str = "https://app.example.com";

/// Asks who is asking, with these headers instead of the usual ones.
async fn ask(wire: &Wire, headers: &[(&str, &str)]) -> Reply {
    let mut message = post(request("who", json!({})));
    for (name, value) in headers {
        message.headers_mut().insert(header::HeaderName::try_from(*name).unwrap(), value.parse().unwrap());
    }
    wire.send(message).await
}

fn guarded() -> Wire {
    let tokens = BearerTokens::new().token("s3cret", Principal::new("ada"));
    Wire::new(&Double::guarded(Limits::default(), tokens))
}

#[tokio::test]
async fn a_page_that_rebound_its_name_is_refused_before_its_body_is_read() {
    let wire = Wire::new(&Double::default());
    let reply = ask(&wire, &[("host", "evil.example.com"), ("origin", "http://evil.example.com")]).await;
    assert_eq!(reply.status(), StatusCode::MISDIRECTED_REQUEST);
    assert_eq!(reply.json().await["error"]["code"], -32600);
    for host in ["localhost:8000", "127.0.0.1:8000", "[::1]:8000"] {
        let origin = format!("http://{host}");
        assert_eq!(
            ask(&wire, &[("host", host), ("origin", &origin)]).await.status(),
            StatusCode::OK,
            "{host}"
        );
    }
}

#[tokio::test]
async fn a_page_of_another_site_is_refused() {
    let reply = ask(&Wire::new(&Double::default()), &[("origin", APP)]).await;
    assert_eq!(reply.status(), StatusCode::FORBIDDEN);
    assert_eq!(reply.json().await["error"]["code"], -32600);
}

#[tokio::test]
async fn every_method_passes_the_check_of_hosts() {
    let wire = Wire::new(&Double::default());
    for method in [Method::GET, Method::DELETE, Method::OPTIONS, Method::HEAD] {
        let foreign =
            Request::builder().method(&method).uri("http://evil.example.com/mcp").body(Body::empty());
        assert_eq!(wire.send(foreign.unwrap()).await.status(), StatusCode::MISDIRECTED_REQUEST, "{method}");
    }
}

#[tokio::test]
async fn a_request_without_host_is_a_bad_one() {
    let mut message = post(request("who", json!({})));
    message.headers_mut().remove(header::HOST);
    assert_eq!(Wire::new(&Double::default()).send(message).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn configured_hosts_and_origins_may_call() {
    let wire = Wire::with(&Double::default(), |http| {
        http.allowed_hosts(["mcp.example.com"]).unwrap().allowed_origins([APP]).unwrap()
    });
    assert_eq!(ask(&wire, &[("host", "mcp.example.com"), ("origin", APP)]).await.status(), StatusCode::OK);
    let own = ask(&wire, &[("host", "localhost"), ("origin", "http://localhost")]).await;
    assert_eq!(own.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_token_says_who_is_asking_and_is_asked_for() {
    let wire = guarded();
    assert_eq!(ask(&wire, &[("authorization", "Bearer s3cret")]).await.result().await, "ada");
    let reply = ask(&wire, &[]).await;
    assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(reply.header("www-authenticate").unwrap(), r#"Bearer realm="mcp""#);
    let reply = ask(&wire, &[("authorization", "Bearer guess")]).await;
    assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn where_tokens_are_checked_a_principal_from_elsewhere_is_not_enough() {
    let mut message = post(request("who", json!({})));
    message.extensions_mut().insert(Principal::new("mallory"));
    assert_eq!(guarded().send(message).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn every_method_asks_for_the_token() {
    let wire = guarded();
    for method in [Method::GET, Method::DELETE] {
        let message = Request::builder().method(&method).uri("http://localhost/mcp").body(Body::empty());
        assert_eq!(wire.send(message.unwrap()).await.status(), StatusCode::UNAUTHORIZED, "{method}");
    }
}

#[tokio::test]
async fn a_preflight_needs_no_token_and_the_challenge_can_be_read() {
    let tokens = BearerTokens::new().token("s3cret", Principal::new("ada"));
    let wire = Wire::with(&Double::guarded(Limits::default(), tokens), |http| {
        http.cors().allowed_origins([APP]).unwrap().realm("files")
    });
    let preflight = Request::options("http://localhost/mcp")
        .header("origin", APP)
        .header("access-control-request-method", "POST")
        .header("access-control-request-headers", "authorization, mcp-method")
        .body(Body::empty());
    let reply = wire.send(preflight.unwrap()).await;
    assert_eq!(reply.status(), StatusCode::OK);
    assert_eq!(reply.header("access-control-allow-origin").unwrap(), APP);
    assert_eq!(reply.header("access-control-allow-headers").unwrap(), "authorization, mcp-method");

    let reply = ask(&wire, &[("origin", APP)]).await;
    assert_eq!(reply.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(reply.header("access-control-allow-origin").unwrap(), APP);
    assert!(reply.header("access-control-expose-headers").unwrap().contains("www-authenticate"));
    assert_eq!(reply.header("www-authenticate").unwrap(), r#"Bearer realm="files""#);

    let reply = ask(&wire, &[("origin", APP), ("authorization", "Bearer s3cret")]).await;
    assert_eq!(reply.header("access-control-allow-origin").unwrap(), APP);
    assert_eq!(reply.result().await, "ada");
}

#[tokio::test]
async fn without_cors_pages_are_granted_nothing() {
    let wire = Wire::new(&Double::default());
    let reply = ask(&wire, &[("origin", "http://localhost")]).await;
    assert_eq!(reply.header("access-control-allow-origin"), None);
    assert_eq!(reply.result().await, Value::Null);
    let preflight =
        Request::options("http://localhost/mcp").header("origin", "http://localhost").body(Body::empty());
    assert_eq!(wire.send(preflight.unwrap()).await.status(), StatusCode::METHOD_NOT_ALLOWED);
}
