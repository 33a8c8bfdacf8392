//! Many calls on one connection.
use std::collections::BTreeSet;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _};
use toolwright_core::joint::Limits;

use crate::{
    double::Double,
    wire::{Wire, held, request, transcript},
};

#[tokio::test]
async fn ten_thousand_pipelined_requests_have_ten_thousand_answers() {
    let mut wire = Wire::new(Double::default());
    let mut to = String::new();
    for id in 0..10_000 {
        to += &request(id, "echo");
    }
    let state = std::sync::Arc::clone(&wire.state);
    let ids = {
        let mut ids = BTreeSet::new();
        // Pipes hold less than that, so both sides have to be busy at once.
        let (send, receive) = wire.halves();
        let sent = async { send.write_all(to.as_bytes()).await.unwrap() };
        let received = async {
            for _ in 0..10_000 {
                let mut line = String::new();
                receive.read_line(&mut line).await.unwrap();
                let answer: Value = serde_json::from_str(&line).unwrap();
                assert!(ids.insert(answer["id"].as_u64().unwrap()), "answered twice: {line}");
            }
        };
        tokio::join!(sent, received);
        ids
    };
    assert_eq!(ids, (0..10_000).collect());
    assert_eq!(wire.rest().await, "");
    assert_eq!(state.seen.load(std::sync::atomic::Ordering::SeqCst), 10_000);
}

#[tokio::test]
async fn calls_start_in_the_order_of_their_lines() {
    let input: String = (0..100).map(|id| request(id, "order")).collect();
    for (number, line) in transcript(Double::default(), input).await.lines().enumerate() {
        let answer: Value = serde_json::from_str(line).unwrap();
        assert_eq!((&answer["id"], &answer["result"]), (&json!(number), &json!(number)));
    }
}

#[tokio::test]
async fn a_slow_call_holds_no_other_up() {
    let mut wire = Wire::new(Double::default());
    wire.send(request(1, "hold") + &request(2, "echo")).await;
    assert_eq!(wire.json().await["id"], 2);
    wire.send("{\"jsonrpc\":\"2.0\",\"method\":\"open\"}\n").await;
    assert_eq!(wire.json().await, json!({ "jsonrpc": "2.0", "id": 1, "result": "released" }));
    assert_eq!(wire.rest().await, "");
}

#[tokio::test]
async fn what_a_call_sends_comes_before_its_answer_and_in_order() {
    for later in [false, true] {
        let mut wire = Wire::new(Double::default());
        wire.send(format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tell\",\"params\":{{\"count\":3,\"later\":{later}}}}}\n"
        ))
        .await;
        for number in 0..3 {
            assert_eq!(wire.json().await["params"]["number"], number);
        }
        assert_eq!(wire.json().await, json!({ "jsonrpc": "2.0", "id": 1, "result": { "full": 0 } }));
    }
}

#[tokio::test]
async fn a_call_may_ask_the_client() {
    let mut wire = Wire::new(Double::default());
    wire.send(request(1, "ask")).await;
    assert_eq!(wire.json().await, json!({ "jsonrpc": "2.0", "id": "question of 1", "method": "ping" }));
    wire.send("{\"jsonrpc\":\"2.0\",\"id\":\"question of 1\",\"result\":{}}\n").await;
    assert_eq!(wire.json().await, json!({ "jsonrpc": "2.0", "id": 1, "result": "{}" }));
}

#[tokio::test]
async fn answers_of_the_client_pass_when_no_more_calls_may_run() {
    let mut wire = Wire::new(Double::new(Limits::default().in_flight(2)));
    wire.send(request(1, "ask") + &request(2, "ask") + &request(3, "ask") + &request(4, "echo")).await;
    for id in [1, 2] {
        assert_eq!(wire.json().await["id"], format!("question of {id}"));
    }
    // Requests 3 and 4 wait in front of this answer, which frees a slot for them, one after the other.
    wire.send("{\"jsonrpc\":\"2.0\",\"id\":\"question of 2\",\"result\":{}}\n").await;
    assert_eq!(wire.json().await["id"], 2);
    assert_eq!(wire.json().await["id"], "question of 3");
    wire.send("{\"jsonrpc\":\"2.0\",\"id\":\"question of 1\",\"result\":{}}\n").await;
    assert_eq!(wire.json().await["id"], 1);
    assert_eq!(wire.json().await["id"], 4);
    wire.send("{\"jsonrpc\":\"2.0\",\"id\":\"question of 3\",\"result\":{}}\n").await;
    assert_eq!(wire.json().await["id"], 3);
    assert_eq!(wire.rest().await, "");
}

#[tokio::test]
async fn requests_beyond_every_bound_are_refused_by_id() {
    let waiting = request(2, "echo");
    // The line's end does not count.
    let mut wire = Wire::new(Double::new(Limits::default().in_flight(1).body(waiting.len() - 1)));
    wire.send(request(1, "hold") + &waiting + &request(3, "echo")).await;
    assert_eq!(
        wire.line().await,
        format!(
            "{{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{{\"code\":-32600,\"message\":\"too many requests: 1 run and {} bytes of \
             others wait, the limits of this server; send fewer at once\"}}}}\n",
            waiting.len() - 1
        )
    );
    wire.send("{\"jsonrpc\":\"2.0\",\"method\":\"open\"}\n").await;
    assert_eq!(wire.json().await["id"], 1);
    assert_eq!(wire.json().await["id"], 2);
    assert_eq!(wire.rest().await, "");
}

#[tokio::test]
async fn no_more_calls_run_than_may() {
    let mut wire = Wire::new(Double::new(Limits::default().in_flight(3)));
    for id in 0..10 {
        wire.send(request(id, "hold")).await;
    }
    // A notification has to pass all of them, so when its effect is there, all of them were looked at.
    wire.send(
        "{\"jsonrpc\":\"2.0\",\"id\":10,\"method\":\"order\"}\n{\"jsonrpc\":\"2.0\",\"method\":\"quiet\"}\n",
    )
    .await;
    held(&wire.state, 3).await;
    let state = std::sync::Arc::clone(&wire.state);
    while state.seen.load(std::sync::atomic::Ordering::SeqCst) < 4 {
        tokio::task::yield_now().await;
    }
    assert_eq!(*state.held.borrow(), 3);
    wire.send("{\"jsonrpc\":\"2.0\",\"method\":\"open\"}\n").await;
    assert_eq!(wire.rest().await.lines().count(), 11);
}

#[tokio::test]
async fn a_panic_of_the_endpoint_stays_with_its_message() {
    let output = transcript(Double::default(), request(1, "boom") + &request(2, "echo")).await;
    assert_eq!(output, "{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":null}\n");
}
