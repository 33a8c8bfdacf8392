//! Messages before the answer.
use std::{
    future::poll_fn,
    pin::pin,
    sync::{Arc, atomic::Ordering},
    task::Poll,
};

use http::StatusCode;
use serde_json::{Value, json};
use toolwright_core::joint::{Limits, SendError};

use crate::{
    double::{Double, State, told},
    wire::{Wire, in_session, post, request},
};

fn number(event: &Value) -> u64 {
    event["params"]["number"].as_u64().unwrap()
}

/// Polls a call once; its client then goes away.
async fn give_up(call: impl Future) {
    let mut call = pin!(call);
    poll_fn(|context| {
        assert!(call.as_mut().poll(context).is_pending());
        Poll::Ready(())
    })
    .await;
}

fn closed(state: &State) -> usize {
    state.closed.load(Ordering::SeqCst)
}

#[tokio::test]
async fn what_is_sent_before_the_answer_makes_it_the_end_of_a_stream() {
    let double = Double::default();
    double.state.gate.send_replace(true);
    for method in ["tell", "told", "push"] {
        let reply = Wire::new(&double).call(method, json!({ "count": 2 })).await;
        assert_eq!(reply.status(), StatusCode::OK);
        assert_eq!(reply.header("cache-control").unwrap(), "no-cache, no-transform");
        assert_eq!(reply.header("x-accel-buffering").unwrap(), "no");
        assert_eq!(reply.length(), None);
        let events = reply.events().await;
        assert_eq!((number(&events[0]), number(&events[1])), (0, 1));
        assert_eq!(events.last().unwrap()["id"], 1, "{method}");
    }
}

#[tokio::test]
async fn a_call_that_sends_nothing_is_no_task_of_its_own() {
    let double = Double::default();
    let wire = Wire::new(&double);
    wire.works().await;
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let before = tasks();
    let (reply, ()) = tokio::join!(wire.call("hold", json!({})), async {
        double.state.held(1).await;
        assert_eq!(tasks(), before);
        double.state.gate.send_replace(true);
    });
    assert_eq!(reply.result().await, "released");
}

#[tokio::test]
async fn events_leave_before_the_call_is_done() {
    let double = Double::default();
    let mut reply = Wire::new(&double).call("told", json!({})).await;
    assert_eq!(number(&reply.event().await.unwrap()), 0);
    double.state.gate.send_replace(true);
    assert_eq!(number(&reply.event().await.unwrap()), 1);
    assert_eq!(reply.event().await.unwrap()["result"], "released");
    assert_eq!(reply.next().await, None);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_from_other_threads_are_never_lost() {
    let wire = Wire::new(&Double::default());
    for _ in 0..500 {
        let events = wire.call("thread", json!({})).await.events().await;
        assert_eq!((number(&events[0]), &events[1]["result"]), (0, &json!("told elsewhere")));
    }
}

#[tokio::test]
async fn nothing_can_be_sent_after_the_answer() {
    let double = Double::default();
    let wire = Wire::new(&double);
    assert_eq!(wire.call("keep", json!({})).await.result().await, "kept");
    let outlet = double.state.kept.lock().unwrap().take().unwrap();
    assert!(matches!(outlet.try_send(told(&1.into(), 0)), Err(SendError::Closed(_))));
    assert!(outlet.send(told(&1.into(), 0)).await.is_err());
    assert!(!outlet.close_stream(None));
}

#[tokio::test]
async fn a_client_that_does_not_read_delays_nobody() {
    let double = Double::new(Limits::default().queue(2));
    let wire = Wire::new(&double);
    let slow = wire.call("told", json!({ "count": 5 })).await;
    double.state.held(1).await;
    assert_eq!(double.state.full.load(Ordering::SeqCst), 3);
    let mut pushing = wire.call("push", json!({ "count": 5 })).await;
    wire.works().await;
    assert_eq!(number(&pushing.event().await.unwrap()), 0);
    double.state.gate.send_replace(true);
    let events = slow.events().await;
    assert_eq!(events.last().unwrap()["result"], "released");
    assert_eq!(pushing.events().await.len(), 5);
}

#[tokio::test]
async fn a_stateless_client_that_goes_away_cancels_its_call() {
    let double = Double::default();
    let wire = Wire::with(&double, |http| http.max_requests(1));
    wire.works().await;
    give_up(wire.call("hold", json!({}))).await;
    assert_eq!(double.state.calls.load(Ordering::SeqCst), 2);
    double.state.held(0).await;
    for method in ["told", "push"] {
        let mut reply = wire.call(method, json!({ "count": 10_000 })).await;
        assert_eq!(number(&reply.event().await.unwrap()), 0);
        drop(reply);
        double.state.held(0).await;
    }
    assert_eq!(closed(&double.state), 0);
    wire.works().await;
}

#[tokio::test]
async fn a_legacy_client_that_goes_away_cancels_nothing() {
    let double = Double::default();
    let wire = Wire::with(&double, |http| http.max_requests(2));
    wire.works().await;
    give_up(wire.call("hold", json!({ "legacy": true }))).await;
    let mut streaming = wire.call("told", json!({ "legacy": true })).await;
    assert_eq!(number(&streaming.event().await.unwrap()), 0);
    drop(streaming);
    double.state.held(2).await;
    let (status, _) = wire.call("echo", json!({})).await.refusal().await;
    assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE, "what goes on keeps its slot");
    double.state.gate.send_replace(true);
    double.state.held(0).await;
    while wire.call("echo", json!({})).await.status() != StatusCode::OK {
        tokio::task::yield_now().await;
    }
    assert_eq!(closed(&double.state), 1, "nobody could read what came later");
}

#[tokio::test]
async fn a_client_that_goes_away_before_its_message_is_read_leaves_nothing() {
    let double = Double::default();
    let wire = Wire::with(&double, |http| http.max_requests(1));
    drop(wire.call("hold", json!({})));
    assert_eq!(double.state.calls.load(Ordering::SeqCst), 0);
    wire.works().await;
}

#[tokio::test]
async fn a_subscription_takes_the_place_of_a_stream_and_none_of_a_request() {
    let double = Double::default();
    let wire = Wire::with(&double, |http| http.max_requests(1).max_streams(2));
    let listen = async || wire.call("subscriptions/listen", json!({})).await;
    let (mut one, two) = (listen().await, listen().await);
    assert_eq!(number(&one.event().await.unwrap()), 0);
    let third = listen().await;
    assert_eq!(third.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(third.header("retry-after").unwrap(), "1");
    assert_eq!(third.json().await["id"], 1);
    drop(two);
    double.state.held(1).await;
    let mut again = listen().await;
    assert!(again.is_stream());
    again.event().await.unwrap();
    double.state.drained.send_replace(true);
    assert_eq!(again.event().await.unwrap()["result"], "drained");
}

#[tokio::test]
async fn a_subscription_needs_a_client_that_takes_streams() {
    let mut request = post(request("subscriptions/listen", json!({})));
    request.headers_mut().insert("accept", "application/json".parse().unwrap());
    let reply = Wire::new(&Double::default()).send(request).await;
    assert_eq!(reply.status(), StatusCode::NOT_ACCEPTABLE);
    assert_eq!(reply.json().await["id"], 1);
}

#[tokio::test]
async fn a_handshake_opens_a_session_and_later_messages_belong_to_it() {
    let wire = Wire::new(&Double::default());
    let session = wire.initialize("2025-06-18").await;
    let reply = wire.call_in(&session, "echo", json!({ "legacy": true })).await;
    assert_eq!(reply.header("mcp-session-id"), None);
    assert_eq!(reply.result().await["legacy"], true);
    let unknown = wire.call_in("unknown", "echo", json!({ "legacy": true })).await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    let stateless = wire.call_in("unknown", "echo", json!({})).await;
    assert_eq!(stateless.status(), StatusCode::OK, "stateless ones do not care");
}

#[tokio::test]
async fn events_of_a_session_have_ids_and_begin_with_a_primer_where_that_is_known() {
    let wire = Wire::new(&Double::default());
    for (revision, first) in [("2025-06-18", "id: 1-1\n"), ("2025-11-25", "retry: 1000\nid: 1-0\ndata: \n\n")]
    {
        let session = wire.initialize(revision).await;
        let mut reply = wire.call_in(&session, "tell", json!({ "legacy": true })).await;
        assert!(reply.next().await.unwrap().starts_with(first), "{revision}");
        assert_eq!(reply.events().await.last().unwrap()["result"], "all told");
    }
}

#[tokio::test]
async fn a_call_in_a_session_can_end_its_connection_and_go_on() {
    let double = Double::default();
    let wire = Wire::new(&double);
    let session = wire.initialize("2025-11-25").await;
    let mut reply = wire.call_in(&session, "rest", json!({ "legacy": true })).await;
    assert_eq!(reply.next().await.unwrap(), "retry: 1000\nid: 1-0\ndata: \n\n");
    assert_eq!(reply.next().await.unwrap(), "id: 1-0\nretry: 1000\n\n");
    assert_eq!(reply.next().await, None);
    double.state.held(1).await;
    double.state.gate.send_replace(true);
    double.state.held(0).await;
}

#[tokio::test]
async fn a_stream_that_nobody_can_resume_is_not_closed() {
    let double = Double::default();
    double.state.gate.send_replace(true);
    let wire = Wire::with(&double, |http| http.without_resumption());
    let session = wire.initialize("2025-11-25").await;
    for call in [request("rest", json!({})), request("rest", json!({ "legacy": true }))] {
        assert_eq!(wire.send(in_session(&session, call)).await.result().await, false);
    }
}

#[tokio::test]
async fn an_answer_of_the_client_reaches_the_call_that_asked() {
    let wire = Wire::new(&Double::default());
    let session = wire.initialize("2025-06-18").await;
    let mut asking = wire.call_in(&session, "ask", json!({ "legacy": true })).await;
    assert_eq!(number(&asking.event().await.unwrap()), 0);
    let answer = json!({ "jsonrpc": "2.0", "id": 9, "result": {} });
    let reply = wire.send(in_session(&session, answer)).await;
    assert_eq!(reply.status(), StatusCode::ACCEPTED);
    assert_eq!(asking.event().await.unwrap()["result"], "answered");
}

#[tokio::test]
async fn ten_thousand_clients_that_go_away_leave_nothing_behind() {
    let double = Double::default();
    let wire = Wire::with(&double, |http| http.max_requests(8).max_streams(8));
    wire.call("echo", json!({})).await;
    let tasks = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    for round in 0..10_000 {
        let method = if round % 2 == 0 { "told" } else { "subscriptions/listen" };
        let mut reply = wire.call(method, json!({ "count": 2 })).await;
        assert_eq!(number(&reply.event().await.unwrap()), 0);
        drop(reply);
        tokio::task::yield_now().await;
    }
    double.state.held(0).await;
    assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), tasks);
    let outlets = std::mem::take(&mut *double.state.outlets.lock().unwrap());
    assert_eq!(outlets.len(), 10_001);
    assert!(outlets.iter().all(|outlet| outlet.strong_count() == 0));
    assert_eq!(Arc::strong_count(&double.state), 2, "the endpoint and this test");
}
