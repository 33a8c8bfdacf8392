use std::sync::Arc;

use http::StatusCode;
use tokio::{net::TcpListener, sync::Notify};
use toolwright_http::{Error, ServeHttp as _};

use super::{
    running::{Gate, Running, server},
    socket::{call, text},
};

#[tokio::test]
async fn it_is_healthy_while_it_starts_and_ready_once_it_has_started() {
    let go = Arc::new(Notify::new());
    let waits = Arc::clone(&go);
    let gate = Gate::default();
    let start = move || {
        let waits = Arc::clone(&waits);
        async move {
            waits.notified().await;
            Ok(())
        }
    };
    let server = server(&gate).lifespan(start, |_: Arc<()>| async {}).build().unwrap();
    let running = Running::of(server.http(), gate, |http| http).await;
    let (mut probe, mut client) = (running.connect().await, running.connect().await);
    assert_eq!(probe.get("/health").await.0, StatusCode::OK);
    assert_eq!(probe.get("/ready").await.0, StatusCode::SERVICE_UNAVAILABLE);
    client.post(&call(1, "quick")).await;
    go.notify_one();
    let (_, body) = client.response().await;
    assert_eq!(text(&serde_json::from_str(&body).unwrap()), "here", "it waits for the start");
    assert_eq!(probe.get("/ready").await.0, StatusCode::OK);
}

#[tokio::test]
async fn a_start_that_fails_is_reported() {
    let gate = Gate::default();
    let start = || async { Err::<(), _>("no database".into()) };
    let server = server(&gate).lifespan(start, |_| async {}).build().unwrap();
    let error = Running::of(server.http(), gate, |http| http).await.ended().await.unwrap_err();
    assert!(matches!(error, Error::Start(_)) && error.to_string().ends_with("no database"), "{error}");
}

#[tokio::test]
async fn an_address_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let http = server(&Gate::default()).build().unwrap().http().signals(false);
    let error = http.serve(address.clone()).await.unwrap_err();
    assert!(error.to_string().starts_with(&format!("cannot listen at {address}: ")), "{error}");
}
