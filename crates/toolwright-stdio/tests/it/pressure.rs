//! Peers that do not read.
use std::{
    io::{BufRead as _, BufReader, Write as _},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::time::timeout;
use toolwright_core::joint::Limits;
use toolwright_stdio::{Options, serve_blocking};

use crate::{
    double::Double,
    wire::{Wire, held, request},
};

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_is_not_read_from() {
    let mut wire = Wire::open(Double::new(Limits::default().queue(10)), Options::new(), 1024);
    let state = Arc::clone(&wire.state);
    let input: String = (0..10_000).map(|id| request(id, "echo")).collect();
    // The clock is paused: it moves on when nobody else can.
    assert!(timeout(Duration::from_secs(1), wire.send(&input)).await.is_err());
    let started = state.seen.load(Ordering::SeqCst);
    assert!(started < 500, "{started} calls were started");
    for id in 0..started {
        assert_eq!(wire.json().await["id"], id);
    }
}

#[tokio::test(start_paused = true)]
async fn a_peer_that_does_not_read_freezes_no_call() {
    let mut wire = Wire::open(Double::new(Limits::default().queue(4)), Options::new(), 256);
    let state = Arc::clone(&wire.state);
    wire.send(request(1, "hold")).await;
    wire.send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"tell\",\"params\":{\"count\":100}}\n").await;
    held(&state, 1).await;
    state.gate.send_replace(true);
    // The held call runs to its end although nothing was read, and only its answer waits.
    held(&state, 0).await;
    let mut told = 0;
    let mut answers = Vec::new();
    while answers.len() < 2 {
        let message = wire.json().await;
        if message["method"] == "told" {
            told += 1;
        } else {
            answers.push(message);
        }
    }
    answers.sort_by_key(|answer| answer["id"].as_u64());
    assert_eq!(answers[0], json!({ "jsonrpc": "2.0", "id": 1, "result": "released" }));
    assert_eq!(answers[1]["result"]["full"], 100 - told);
    assert!(told >= 4, "{told}");
}

#[tokio::test(start_paused = true)]
async fn answers_that_nobody_reads_hold_the_end_up_for_a_bounded_time() {
    let mut wire = Wire::open(Double::default(), Options::new(), 256);
    let state = Arc::clone(&wire.state);
    wire.send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"big\",\"params\":{\"size\":1000}}\n").await;
    wire.hang_up();
    wire.server.await.unwrap().unwrap();
    assert!(*state.closed.borrow());
}

/// The reading thread writes small answers itself, and gets stuck in that when the pipe is full.
#[tokio::test]
async fn reading_goes_on_while_the_reading_thread_is_stuck_in_a_write() {
    let (reader, mut to) = std::io::pipe().unwrap();
    let (from, writer) = std::io::pipe().unwrap();
    let double = Double::default();
    let state = double.state();
    let server = tokio::spawn(serve_blocking(Arc::new(double), reader, writer, Options::new()));
    let mut gate = state.gate.subscribe();
    let client = tokio::task::spawn_blocking(move || {
        // More than any pipe holds, each answer small enough to be written at once.
        for id in 0..100 {
            writeln!(to, r#"{{"jsonrpc":"2.0","id":{id},"method":"big","params":{{"size":10000}}}}"#)
                .unwrap();
        }
        writeln!(to, r#"{{"jsonrpc":"2.0","method":"open"}}"#).unwrap();
        to
    });
    let to = client.await.unwrap();
    gate.wait_for(|open| *open).await.unwrap();
    let client = tokio::task::spawn_blocking(move || {
        let lines = BufReader::new(from).lines();
        let ids =
            lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap()["id"].as_u64().unwrap());
        ids.collect::<Vec<_>>()
    });
    drop(to);
    assert_eq!(client.await.unwrap(), (0..100).collect::<Vec<_>>());
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_call_that_blocks_does_not_hold_back_the_answers_before_it() {
    let (reader, mut to) = std::io::pipe().unwrap();
    let (from, writer) = std::io::pipe().unwrap();
    let double = Double::default();
    let (unblock, blocked) = std::sync::mpsc::channel();
    *double.state().blocking.lock().unwrap() = Some(blocked);
    let server = tokio::spawn(serve_blocking(Arc::new(double), reader, writer, Options::new()));
    let client = tokio::task::spawn_blocking(move || {
        let mut lines = BufReader::new(from).lines();
        to.write_all((request(1, "echo") + &request(2, "echo") + &request(3, "block")).as_bytes()).unwrap();
        let before = [lines.next().unwrap().unwrap(), lines.next().unwrap().unwrap()];
        unblock.send(()).unwrap();
        drop(to);
        (before, lines.next().unwrap().unwrap())
    });
    let (before, after) = client.await.unwrap();
    assert_eq!(before, [1, 2].map(|id| format!(r#"{{"jsonrpc":"2.0","id":{id},"result":null}}"#)));
    assert_eq!(after, r#"{"jsonrpc":"2.0","id":3,"result":"unblocked"}"#);
    server.await.unwrap().unwrap();
}

async fn a_reading_thread_waits_for_room() {
    let (reader, mut to) = std::io::pipe().unwrap();
    let (from, writer) = std::io::pipe().unwrap();
    let double = Double::new(Limits::default().queue(1).in_flight(2));
    let server = tokio::spawn(serve_blocking(Arc::new(double), reader, writer, Options::new()));
    let client = tokio::task::spawn_blocking(move || {
        // What comes late has to wait for its place in the queue, too.
        let told = r#"{"jsonrpc":"2.0","id":"told","method":"tell","params":{"count":0,"later":true}}"#;
        let input: String = (0..2000).map(|id| format!("{}{told}\n", request(id, "echo"))).collect();
        let writing = std::thread::spawn(move || to.write_all(input.as_bytes()).unwrap());
        let answers = BufReader::new(from).lines().map(Result::unwrap);
        let (late, ready): (Vec<_>, Vec<_>) = answers.partition(|line| line.contains("\"told\""));
        writing.join().unwrap();
        (late.len(), ready)
    });
    let (late, ready) = client.await.unwrap();
    assert_eq!(late, 2000);
    let ids = |line: &String| serde_json::from_str::<Value>(line).unwrap()["id"].as_u64().unwrap();
    let mut ids: Vec<_> = ready.iter().map(ids).collect();
    // Requests in line for a slot are overtaken by nobody, but those before them may take their time.
    ids.sort_unstable();
    assert_eq!(ids, (0..2000).collect::<Vec<_>>());
    server.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_reading_thread_waits_for_room_on_a_runtime_of_one_thread() {
    a_reading_thread_waits_for_room().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reading_thread_waits_for_room_on_a_runtime_of_many_threads() {
    a_reading_thread_waits_for_room().await;
}
