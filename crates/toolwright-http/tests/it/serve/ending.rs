use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::oneshot;
use toolwright_core::joint::Limits;
use toolwright_http::ServeHttp as _;

use super::{
    running::{Gate, Running, server},
    socket::{Socket, call, modern, text},
};

/// Begins to listen, and sees the acknowledgment.
async fn listen(running: &Running) -> Socket {
    let mut socket = running.connect().await;
    let filter = json!({ "notifications": { "toolsListChanged": true } });
    socket.post(&modern(7, "subscriptions/listen", filter)).await;
    let head = socket.head().await;
    assert_eq!((head.status, head.header("content-type")), (StatusCode::OK, Some("text/event-stream")));
    let event = socket.chunk().await.unwrap();
    assert!(event.contains("notifications/subscriptions/acknowledged"), "{event}");
    socket
}

fn data(event: &str) -> Value {
    let data = event.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    serde_json::from_str(data).unwrap()
}

#[tokio::test]
async fn running_calls_are_answered_and_listens_end_with_their_result() {
    let running = Running::start(|http| http).await;
    let (mut listening, mut idle) = (listen(&running).await, running.connect().await);
    idle.call(&call(1, "quick")).await;
    let mut calls = Vec::new();
    for id in 0..64 {
        let mut socket = running.connect().await;
        socket.post(&call(id, "hold")).await;
        calls.push(socket);
    }
    running.gate.held(64).await;
    running.handle.drain();
    let result = data(&listening.chunk().await.unwrap());
    assert_eq!((&result["id"], result["result"].is_object()), (&json!(7), true));
    assert_eq!(listening.chunk().await, None);
    running.gate.open();
    for (id, mut socket) in calls.into_iter().enumerate() {
        let head = socket.head().await;
        assert_eq!(head.header("connection"), Some("close"));
        let answer: Value = serde_json::from_str(&socket.body(&head).await).unwrap();
        assert_eq!((&answer["id"], text(&answer)), (&json!(id), "let go"));
        assert!(socket.is_closed().await);
    }
    assert!(idle.is_closed().await && listening.is_closed().await);
    running.ended().await.unwrap();
}

#[tokio::test]
async fn who_comes_while_it_ends_is_told_to_go_elsewhere() {
    let running = Running::start(|http| http).await;
    let (mut holding, mut client, mut probe) =
        (running.connect().await, running.connect().await, running.connect().await);
    holding.post(&call(1, "hold")).await;
    running.gate.held(1).await;
    client.call(&call(2, "quick")).await;
    assert_eq!(probe.get("/ready").await.0, StatusCode::OK);
    running.handle.drain();
    assert_eq!(probe.get("/ready").await.0, StatusCode::SERVICE_UNAVAILABLE);
    client.post(&call(3, "quick")).await;
    let head = client.head().await;
    assert_eq!(head.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!((head.header("connection"), head.header("retry-after")), (Some("close"), Some("1")));
    running.gate.open();
    assert_eq!(holding.response().await.0, StatusCode::OK);
    running.ended().await.unwrap();
}

#[tokio::test]
async fn a_session_goes_on_until_its_calls_are_done_and_its_stream_ends_then() {
    let running = Running::start(|http| http).await;
    let mut client = running.connect().await;
    let initialize = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } } });
    client.post(&initialize).await;
    let head = client.head().await;
    let session = head.header("mcp-session-id").unwrap().to_owned();
    client.body(&head).await;
    let headers = [("mcp-session-id", session.as_str()), ("accept", "application/json, text/event-stream")];

    let mut stream = running.connect().await;
    stream.send("GET", "/mcp", &headers, "").await;
    assert_eq!(stream.head().await.status, StatusCode::OK);
    let hold = json!({ "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": { "name": "hold" } });
    client.send("POST", "/mcp", &headers, &hold.to_string()).await;
    running.gate.held(1).await;
    assert_eq!(running.handle.sessions(), 1);
    running.handle.drain();
    assert_eq!((running.handle.sessions(), running.handle.requests()), (1, 1));
    running.gate.open();
    let (status, body) = client.response().await;
    assert!(status.is_success() && body.contains("let go"), "{body}");
    while let Some(event) = stream.chunk().await {
        assert!(!event.contains("data: {"), "nothing was sent on this stream: {event}");
    }
    let handle = running.handle.clone();
    running.ended().await.unwrap();
    assert_eq!(handle.sessions(), 0);
}

#[tokio::test]
async fn what_outlasts_the_limit_is_dropped_and_counted() {
    let given_up = Arc::new(AtomicUsize::new(0));
    let told = Arc::clone(&given_up);
    let limits = Limits::default().drain(Duration::from_millis(1));
    let running =
        Running::limited(limits, |http| http.given_up(move |count| told.store(count, Ordering::SeqCst)))
            .await;
    let mut sockets = [running.connect().await, running.connect().await];
    for socket in &mut sockets {
        socket.post(&call(1, "hold")).await;
    }
    running.gate.held(2).await;
    running.handle.drain();
    running.ended().await.unwrap();
    assert_eq!(given_up.load(Ordering::SeqCst), 2);
    for mut socket in sockets {
        assert!(socket.is_closed().await);
    }
}

#[tokio::test]
async fn the_program_asks_for_the_end_with_a_future() {
    let (stop, stopped) = oneshot::channel::<()>();
    let running = Running::start(|http| http.shutdown(async { stopped.await.unwrap() })).await;
    let mut socket = running.connect().await;
    socket.call(&call(1, "quick")).await;
    stop.send(()).unwrap();
    assert!(socket.is_closed().await);
    running.ended().await.unwrap();
}

#[tokio::test]
async fn a_handle_stops_it_and_waits_for_the_end() {
    let stopped = Arc::new(AtomicBool::new(false));
    let gate = Gate::default();
    let stop = {
        let stopped = Arc::clone(&stopped);
        move |_: Arc<()>| {
            let stopped = Arc::clone(&stopped);
            async move { stopped.store(true, Ordering::SeqCst) }
        }
    };
    let server = server(&gate).lifespan(|| async { Ok(()) }, stop).build().unwrap();
    let running = Running::of(server.http(), gate, |http| http).await;
    running.connect().await.call(&call(1, "quick")).await;
    running.handle.stop().await;
    assert!(stopped.load(Ordering::SeqCst), "lifespans are torn down");
    running.ended().await.unwrap();
}

#[tokio::test]
async fn a_handle_does_not_wait_for_a_server_that_nobody_runs_any_more() {
    let running = Running::start(|http| http).await;
    let mut socket = running.connect().await;
    socket.call(&call(1, "quick")).await;
    let handle = running.handle.clone();
    running.abandon();
    handle.stop().await;
    assert!(socket.is_closed().await, "its connections end with it");
}

#[tokio::test]
async fn connections_that_wait_to_be_accepted_are_answered() {
    let running = Running::start(|http| http.max_connections(1)).await;
    let mut first = running.connect().await;
    first.call(&call(1, "quick")).await;
    let mut waiting = running.connect().await;
    waiting.post(&call(2, "quick")).await;
    drop(first);
    running.handle.drain();
    // Whether before the end or by it: never a reset.
    let (status, _) = waiting.response().await;
    assert!(status == StatusCode::OK || status == StatusCode::SERVICE_UNAVAILABLE, "{status}");
    running.ended().await.unwrap();
}

#[tokio::test]
async fn an_embedded_endpoint_ends_by_its_handle() {
    let gate = Gate::default();
    let http = server(&gate).build().unwrap().http();
    let handle = http.handle();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let app: axum::Router = http.router("/mcp");
    let serving = tokio::spawn(async move { axum::serve(listener, app).await });
    let mut socket = Socket::open(address).await;
    socket.post(&call(1, "hold")).await;
    gate.held(1).await;
    let stopping = tokio::spawn({
        let handle = handle.clone();
        async move { handle.stop().await }
    });
    gate.open();
    let (_, body) = socket.response().await;
    assert_eq!(text(&serde_json::from_str(&body).unwrap()), "let go");
    stopping.await.unwrap();
    assert!(!handle.is_ready());
    serving.abort();
}
