use std::time::Duration;

use http::StatusCode;

use super::{
    running::Running,
    socket::{call, text},
};

#[tokio::test]
async fn a_connection_serves_one_request_after_the_other() {
    let running = Running::start(|http| http).await;
    let mut socket = running.connect().await;
    for id in 0..100 {
        let answer = socket.call(&call(id, "quick")).await;
        assert_eq!((&answer["id"], text(&answer)), (&id.into(), "here"));
    }
}

#[tokio::test]
async fn beyond_the_most_connections_further_ones_wait_until_one_ends() {
    let running = Running::start(|http| http.max_connections(2)).await;
    let (mut first, mut second) = (running.connect().await, running.connect().await);
    first.call(&call(1, "quick")).await;
    second.call(&call(2, "quick")).await;
    let mut third = running.connect().await;
    third.post(&call(3, "quick")).await;
    first.call(&call(4, "quick")).await;
    drop(second);
    assert_eq!(third.response().await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_431() {
    let running = Running::start(|http| http.max_header_size(2048)).await;
    let large = "x".repeat(4096);
    let mut socket = running.connect().await;
    socket.send("GET", "/health", &[("x-large", &large)], "").await;
    assert_eq!(socket.response().await.0, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert!(socket.is_closed().await);

    let mut socket = running.connect().await;
    socket.send("GET", "/health", &[("x", "1"); 101], "").await;
    assert_eq!(socket.response().await.0, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
}

#[tokio::test]
async fn a_client_that_does_not_finish_its_head_is_dropped() {
    let running = Running::start(|http| http.header_timeout(Duration::from_millis(20))).await;
    let mut socket = running.connect().await;
    socket.write("POST /mcp HTTP/1.1\r\nhost: ").await;
    assert!(socket.is_closed().await);
}

#[tokio::test]
async fn what_is_no_http_is_refused_and_harms_nobody() {
    let running = Running::start(|http| http).await;
    let mut socket = running.connect().await;
    socket.write("\x16\x03\x01 this is TLS, say\r\n\r\n").await;
    assert_eq!(socket.response().await.0, StatusCode::BAD_REQUEST);
    assert_eq!(text(&running.connect().await.call(&call(1, "quick")).await), "here");
}

#[tokio::test]
async fn a_panic_in_a_route_ends_its_connection_only() {
    use axum::routing::get;
    let running =
        Running::start(|http| http.public_route("/boom", get(async || -> () { panic!("boom") }))).await;
    let (mut other, mut socket) = (running.connect().await, running.connect().await);
    other.call(&call(1, "quick")).await;
    socket.send("GET", "/boom", &[], "").await;
    assert!(socket.is_closed().await);
    assert_eq!(text(&other.call(&call(2, "quick")).await), "here");
}
