//! The end of an endpoint in somebody else's server, while calls run that never end.
use std::sync::Arc;

use axum::body::Body;
use http::{
    Request, StatusCode,
    header::{ACCEPT, HOST},
};
use serde_json::json;
use toolwright_http::HttpServer;

use crate::{double::Double, wire::Wire};

#[tokio::test(start_paused = true)]
async fn calls_that_outlast_the_drain_are_cancelled_and_their_clients_told() {
    for legacy in [false, true] {
        let double = Double::default();
        let http = HttpServer::new(Arc::new(double.clone()));
        let handle = http.handle();
        let wire = Wire::serving(http);
        wire.works().await;
        let mut told = wire.call("told", json!({ "legacy": legacy })).await;
        told.event().await.unwrap();
        let begin = tokio::time::Instant::now();
        let (held, ()) = tokio::join!(wire.call("hold", json!({ "legacy": legacy })), async {
            double.state.held(2).await;
            handle.drain();
        });
        assert_eq!(begin.elapsed().as_secs(), 10, "as long as the limit allows");
        let (status, error) = held.refusal().await;
        assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "{error}");
        assert_eq!(told.next().await, None, "a stream breaks off");
        double.state.held(0).await;
        assert_eq!(handle.requests(), 0);
        handle.stop().await;
    }
}

#[tokio::test(start_paused = true)]
async fn streams_of_sessions_end_as_soon_as_no_call_runs() {
    let double = Double::default();
    let http = HttpServer::new(Arc::new(double));
    let handle = http.handle();
    let wire = Wire::serving(http);
    let session = wire.initialize("2025-06-18").await;
    let mut stream = wire.send(read(&session)).await;
    assert!(stream.is_stream());
    let begin = tokio::time::Instant::now();
    handle.drain();
    assert_eq!(stream.next().await, None);
    assert_eq!(begin.elapsed().as_secs(), 0, "nobody waits for the limit");
    assert_eq!(handle.sessions(), 0);
}

fn read(session: &str) -> Request<Body> {
    let request = Request::get("/mcp").header(HOST, "localhost").header(ACCEPT, "text/event-stream");
    request.header("mcp-session-id", session).body(Body::empty()).unwrap()
}
