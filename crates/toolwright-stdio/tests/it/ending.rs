//! How connections end.
use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use tokio::{io::AsyncWriteExt as _, sync::oneshot};
use toolwright_core::joint::Limits;
use toolwright_stdio::{Error, Options};

use crate::{
    double::Double,
    wire::{Wire, held, request},
};

#[tokio::test]
async fn calls_that_run_at_the_end_of_input_are_answered() {
    let mut wire = Wire::new(Double::default());
    let state = Arc::clone(&wire.state);
    for id in 0..64 {
        wire.send(request(id, "hold")).await;
    }
    held(&state, 64).await;
    wire.hang_up();
    state.drained.subscribe().wait_for(|drained| *drained).await.unwrap();
    assert!(!*state.closed.borrow());
    state.gate.send_replace(true);
    assert_eq!(wire.rest().await.lines().count(), 64);
    assert!(*state.closed.borrow());
    assert_eq!((state.started.load(Ordering::SeqCst), state.stopped.load(Ordering::SeqCst)), (1, 1));
}

#[tokio::test]
async fn requests_in_line_at_the_end_of_input_are_answered() {
    let mut wire = Wire::new(Double::new(Limits::default().in_flight(1)));
    wire.send(request(1, "hold") + &request(2, "echo") + &request(3, "hold")).await;
    wire.hang_up();
    wire.state.drained.subscribe().wait_for(|drained| *drained).await.unwrap();
    wire.state.gate.send_replace(true);
    assert_eq!(wire.rest().await.lines().count(), 3);
}

#[tokio::test]
async fn long_lived_calls_end_with_their_result() {
    let mut wire = Wire::new(Double::default());
    wire.send(request(1, "listen")).await;
    assert_eq!(wire.rest().await, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":\"drained\"}\n");
}

#[tokio::test(start_paused = true)]
async fn calls_that_outlast_the_drain_are_given_up() {
    let (tell, told) = oneshot::channel();
    let options = Options::new().given_up(|calls| tell.send(calls).unwrap());
    let mut wire = Wire::open(Double::new(Limits::default().drain(Duration::from_secs(7))), options, 1024);
    let state = Arc::clone(&wire.state);
    wire.send(request(1, "hold") + &request(2, "echo")).await;
    held(&state, 1).await;
    let start = tokio::time::Instant::now();
    assert_eq!(wire.rest().await.lines().count(), 1);
    assert_eq!(start.elapsed().as_secs(), 7);
    assert_eq!(told.await, Ok(1));
    held(&state, 0).await;
    assert!(*state.closed.borrow());
}

#[tokio::test]
async fn the_program_can_end_it() {
    let (stop, stopped) = oneshot::channel::<()>();
    let options = Options::new().shutdown(async { stopped.await.unwrap() });
    let mut wire = Wire::open(Double::default(), options, 1024);
    let state = Arc::clone(&wire.state);
    wire.send(request(1, "hold")).await;
    held(&state, 1).await;
    stop.send(()).unwrap();
    state.drained.subscribe().wait_for(|drained| *drained).await.unwrap();
    // Nothing is read any more; the stream may be closed already.
    let _ = wire.halves().0.write_all(request(2, "echo").as_bytes()).await;
    state.gate.send_replace(true);
    assert_eq!(wire.json().await["id"], 1);
    assert_eq!(wire.line().await, "");
    wire.server.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_client_that_is_gone_cancels_what_runs() {
    let mut wire = Wire::new(Double::default());
    let state = Arc::clone(&wire.state);
    wire.send(request(1, "hold")).await;
    held(&state, 1).await;
    let (mut to, server) = wire.stop_reading();
    to.write_all(request(2, "echo").as_bytes()).await.unwrap();
    server.await.unwrap().unwrap();
    held(&state, 0).await;
    assert!(*state.closed.borrow());
}

#[tokio::test]
async fn a_server_that_cannot_start_reads_nothing() {
    let mut double = Double::default();
    double.fails_to_start = true;
    let wire = Wire::new(double);
    let error = wire.server.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Start(_)));
    assert_eq!(error.to_string(), "the server could not start: the database is not there");
    assert_eq!(wire.state.stopped.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn whoever_stops_serving_stops_the_calls() {
    let mut wire = Wire::new(Double::default());
    let state = Arc::clone(&wire.state);
    wire.send(request(1, "hold")).await;
    held(&state, 1).await;
    wire.server.abort();
    assert_eq!(wire.line().await, "");
    held(&state, 0).await;
    assert!(*state.closed.borrow());
}
