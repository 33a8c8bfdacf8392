//! One message, one response.
use std::{sync::atomic::Ordering, time::Duration};

use axum::{body::Body, extract::ConnectInfo};
use http::{Method, Request, StatusCode, header::CONTENT_LENGTH};
use serde_json::{Value, json};
use toolwright_core::joint::{Limits, Principal};

use crate::{
    double::Double,
    wire::{Wire, post, raw, request},
};

#[tokio::test]
async fn a_request_is_answered_by_one_json_body() {
    let reply = Wire::new(&Double::default()).call("echo", json!({ "a": 1 })).await;
    assert_eq!(reply.status(), StatusCode::OK);
    assert_eq!(reply.json().await, json!({ "jsonrpc": "2.0", "id": 1, "result": { "a": 1 } }));
}

#[tokio::test]
async fn a_notification_is_accepted_without_a_body() {
    let reply = Wire::new(&Double::default()).post(json!({ "jsonrpc": "2.0", "method": "open" })).await;
    assert_eq!((reply.status(), reply.headers().len()), (StatusCode::ACCEPTED, 0));
    assert_eq!(reply.json().await, Value::Null);
}

#[tokio::test]
async fn status_and_headers_of_the_answer_are_the_endpoints() {
    let reply = Wire::new(&Double::default()).call("status", json!({ "status": 404 })).await;
    assert_eq!(reply.status(), StatusCode::NOT_FOUND);
    assert_eq!(reply.header("www-authenticate").unwrap(), "Bearer");
    assert_eq!(reply.json().await["id"], 1);
}

#[tokio::test]
async fn the_endpoint_gets_what_came_with_the_request() {
    let mut request = post(request("where", json!({})));
    *request.uri_mut() = "/mcp?tenant=7".parse().unwrap();
    request.headers_mut().insert("x-extra", "yes".parse().unwrap());
    request.extensions_mut().insert(7_u8);
    request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 9))));
    let result = Wire::new(&Double::default()).send(request).await.result().await;
    let expected = json!({ "uri": "/mcp?tenant=7", "peer": "127.0.0.1:9", "header": "yes", "extension": 7 });
    assert_eq!(result, expected);
}

#[tokio::test]
async fn a_principal_that_a_layer_found_counts() {
    let wire = Wire::new(&Double::default());
    let mut known = post(request("who", json!({})));
    known.extensions_mut().insert(Principal::new("ada"));
    assert_eq!(wire.send(known).await.result().await, "ada");
    assert_eq!(wire.call("who", json!({})).await.result().await, Value::Null);
}

#[tokio::test]
async fn other_methods_are_not_allowed() {
    let wire = Wire::new(&Double::default());
    for method in [Method::HEAD, Method::PUT, Method::PATCH] {
        let request =
            Request::builder().method(method).uri("http://localhost/mcp").body(Body::empty()).unwrap();
        let reply = wire.send(request).await;
        assert_eq!(reply.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(reply.header("allow").unwrap(), "GET, POST, DELETE");
    }
}

#[tokio::test]
async fn a_body_that_is_not_said_to_be_json_is_unsupported() {
    let wire = Wire::new(&Double::default());
    for media in ["text/plain", "application/x-www-form-urlencoded", ""] {
        let mut request = post(request("echo", json!({})));
        request.headers_mut().insert("content-type", media.parse().unwrap());
        let (status, text) = wire.send(request).await.refusal().await;
        assert_eq!(status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
        assert!(text.contains("Content-Type: application/json"), "{text}");
    }
}

#[tokio::test]
async fn a_client_that_takes_neither_form_of_answer_is_refused() {
    let mut request = post(request("echo", json!({})));
    request.headers_mut().insert("accept", "text/html".parse().unwrap());
    let (status, text) = Wire::new(&Double::default()).send(request).await.refusal().await;
    assert_eq!(status, StatusCode::NOT_ACCEPTABLE);
    assert!(text.contains("Accept: application/json, text/event-stream"), "{text}");
}

#[tokio::test]
async fn a_client_that_takes_json_only_gets_no_stream() {
    let double = Double::default();
    let mut request = post(request("tell", json!({ "count": 2 })));
    request.headers_mut().insert("accept", "application/json".parse().unwrap());
    assert_eq!(Wire::new(&double).send(request).await.result().await, "all told");
    assert_eq!(double.state.closed.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_client_that_takes_streams_only_gets_one() {
    let mut request = post(request("echo", json!({})));
    request.headers_mut().insert("accept", "text/event-stream".parse().unwrap());
    let events = Wire::new(&Double::default()).send(request).await.events().await;
    assert_eq!(events, [json!({ "jsonrpc": "2.0", "id": 1, "result": {} })]);
}

#[tokio::test]
async fn a_message_beyond_the_limit_is_too_large() {
    let double = Double::new(Limits::default().body(100));
    let wire = Wire::new(&double);
    let pieces = || axum::body::Bytes::from(vec![b' '; 60]);
    let mut streamed = raw(Body::new(Pieces(vec![pieces(), pieces()])));
    let mut announced = raw(vec![b' '; 101]);
    announced.headers_mut().insert(CONTENT_LENGTH, 101.into());
    streamed.headers_mut().remove(CONTENT_LENGTH);
    for request in [announced, streamed] {
        let (status, text) = wire.send(request).await.refusal().await;
        assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(text.contains("100 bytes"), "{text}");
    }
    assert_eq!(double.state.calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_message_in_pieces_is_put_together() {
    let message = request("echo", json!({ "text": "x".repeat(100) })).to_string();
    let pieces = message.as_bytes().chunks(7).rev().map(axum::body::Bytes::copy_from_slice).collect();
    let reply = Wire::new(&Double::default()).send(raw(Body::new(Pieces(pieces)))).await;
    assert_eq!(reply.result().await["text"].as_str().unwrap().len(), 100);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_arrive_times_out_and_frees_its_slot() {
    let wire =
        Wire::with(&Double::default(), |http| http.max_requests(1).body_timeout(Duration::from_secs(5)));
    for _ in 0..2 {
        let (status, _) = wire.send(raw(Body::new(Never))).await.refusal().await;
        assert_eq!(status, StatusCode::REQUEST_TIMEOUT);
    }
}

#[tokio::test]
async fn requests_beyond_the_most_are_told_to_try_later() {
    let double = Double::default();
    let wire = Wire::with(&double, |http| http.max_requests(2));
    let held = async { tokio::join!(wire.call("hold", json!({})), wire.call("hold", json!({}))) };
    let ((one, two), ()) = tokio::join!(held, async {
        double.state.held(2).await;
        let reply = wire.call("echo", json!({})).await;
        assert_eq!(reply.header("retry-after").unwrap(), "1");
        assert_eq!(reply.refusal().await.0, StatusCode::SERVICE_UNAVAILABLE);
        double.state.gate.send_replace(true);
    });
    assert_eq!((one.result().await, two.result().await), (json!("released"), json!("released")));
    wire.works().await;
}

#[tokio::test]
async fn a_panic_is_an_internal_error_and_frees_its_slot() {
    let wire = Wire::with(&Double::default(), |http| http.max_requests(1));
    for request in [post(request("boom", json!({}))), raw("boom")] {
        let (status, text) = wire.send(request).await.refusal().await;
        assert_eq!((status, text.as_str()), (StatusCode::INTERNAL_SERVER_ERROR, "internal error"));
    }
    wire.works().await;
}

#[tokio::test]
async fn the_first_request_starts_the_endpoint_and_tries_again_after_a_failure() {
    let double = Double::default();
    let wire = Wire::new(&double);
    double.state.fails_to_start.store(true, Ordering::SeqCst);
    let (status, text) = wire.call("echo", json!({})).await.refusal().await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(!text.contains("database"), "clients are not told why: {text}");
    double.state.fails_to_start.store(false, Ordering::SeqCst);
    for _ in 0..3 {
        wire.works().await;
    }
    assert_eq!(double.state.started.load(Ordering::SeqCst), 2);
}

/// Pieces, the last first.
struct Pieces(Vec<axum::body::Bytes>);

impl http_body::Body for Pieces {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        std::task::Poll::Ready(self.0.pop().map(|piece| Ok(http_body::Frame::data(piece))))
    }
}

struct Never;

impl http_body::Body for Never {
    type Data = axum::body::Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: std::pin::Pin<&mut Self>,
        _context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Self::Data>, Self::Error>>> {
        std::task::Poll::Pending
    }
}
