use std::sync::{Arc, Mutex};

use serde_json::json;
use toolwright_client::Client;

use crate::fake::{Call, Fake, LEGACY, MODERN, Reaction, later, text};

fn reporting(call: Call) -> Reaction {
    call.report(json!(1));
    later(async move {
        call.report(json!(2.5));
        tokio::task::yield_now().await;
        call.report(json!(3));
        call.report(json!(4));
        text("done")
    })
}

#[tokio::test]
async fn reports_reach_the_handler_in_order_before_the_result() {
    for revision in [MODERN, LEGACY] {
        let client = Fake::new(revision, reporting).connect().await;
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = seen.clone();
        let call = client
            .call("x", ())
            .on_progress(move |report| sink.lock().unwrap().push(report.progress.to_string()));
        assert_eq!(call.await.unwrap().text(), "done");
        assert_eq!(*seen.lock().unwrap(), ["1", "2.5", "3", "4"]);
    }
}

#[tokio::test]
async fn requests_that_nobody_follows_carry_no_token() {
    let fake = Fake::new(MODERN, |_| text("done"));
    let client = fake.connect().await;
    client.call("x", ()).await.unwrap();
    client.call("x", ()).on_progress(|_| ()).await.unwrap();
    let calls = fake.sent_as("tools/call");
    assert_eq!(calls[0]["params"]["_meta"].get("progressToken"), None);
    assert_eq!(calls[1]["params"]["_meta"]["progressToken"], calls[1]["id"]);

    let legacy = Fake::new(LEGACY, |_| text("done"));
    let client = legacy.connect().await;
    client.call("x", ()).on_progress(|_| ()).await.unwrap();
    let call = &legacy.sent_as("tools/call")[0];
    assert_eq!(call["params"]["_meta"], json!({ "progressToken": call["id"] }));
}

#[tokio::test]
async fn reports_go_to_their_own_call_and_late_ones_nowhere() {
    let client = Fake::new(MODERN, |call| {
        let other = call.id.as_i64().unwrap() - 1;
        call.notify("notifications/progress", json!({ "progressToken": other, "progress": 99 }));
        call.notify("notifications/progress", json!({ "progressToken": "odd", "progress": 99 }));
        call.notify("notifications/progress", json!({ "progress": 99 }));
        call.report(json!(1));
        text("done")
    })
    .connect()
    .await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    for _ in 0..2 {
        let sink = seen.clone();
        let report = move |report: toolwright_core::model::ProgressParams| {
            sink.lock().unwrap().push(report.progress.to_string());
        };
        client.call("x", ()).on_progress(report).await.unwrap();
    }
    assert_eq!(*seen.lock().unwrap(), ["1", "1"]);
}

#[tokio::test]
async fn a_flood_of_reports_is_bounded_and_keeps_the_newest() {
    let client = Fake::new(MODERN, |call| {
        for step in 1..=10_000 {
            call.report(json!(step));
        }
        text("done")
    })
    .connect()
    .await;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    client
        .call("x", ())
        .on_progress(move |report| sink.lock().unwrap().push(report.progress.to_string()))
        .await
        .unwrap();
    let seen = seen.lock().unwrap();
    assert!(seen.len() < 1000);
    assert_eq!(seen.last().unwrap(), "10000");
}

#[tokio::test]
async fn a_client_can_follow_all_its_requests() {
    let seen = Arc::new(Mutex::new(0));
    let sink = seen.clone();
    let builder = Client::builder().on_progress(move |_| *sink.lock().unwrap() += 1);
    let client = Fake::new(MODERN, reporting).connect_with(builder).await.unwrap();
    client.call("x", ()).await.unwrap();
    assert_eq!(*seen.lock().unwrap(), 4);
}
