//! Calls that are given up: no answer, no handler, no trace.
use std::{future::pending, time::Duration};

use serde_json::{Value, json};
use toolwright_core::joint::{BoxFuture, Outbound};
use toolwright_server::{Context, HandlerError, Server, Tool, extract::Cancel};

use crate::each::{Client, Diary, Farewell, MODERN, each, poll_once, says};

/// A tool that never ends, and notes when it is dropped.
fn server(diary: &Diary) -> Server {
    let own = diary.clone();
    let hang = Tool::new("hang").handler(move |_: Context| {
        let farewell = Farewell(own.clone(), "dropped");
        async move {
            let _farewell = farewell;
            pending::<String>().await
        }
    });
    let own = diary.clone();
    let detach = Tool::new("detach").handler(move |cancel: Cancel, context: Context| {
        let diary = own.clone();
        async move {
            assert!(!cancel.is_cancelled());
            tokio::spawn(async move {
                cancel.cancelled().await;
                context.progress(1, 1);
                context.error("given up");
                diary.note("fired");
            });
            pending::<String>().await
        }
    });
    let outer = Tool::new("outer").handler(|context: Context| async move {
        context.call_tool("hang", json!({})).await?;
        Ok::<_, HandlerError>("never")
    });
    Server::builder("demo").tools([hang, detach, outer, says("hello", "hi")]).build().unwrap()
}

fn begin(client: &Client, id: Value, tool: &str) -> BoxFuture<'static, Outbound> {
    let params =
        json!({ "name": tool, "_meta": { "progressToken": 1, "io.modelcontextprotocol/logLevel": "debug" } });
    let mut call = client.wire.call(client.message(id, "tools/call", params).to_string());
    assert!(poll_once(&mut call).is_pending());
    call
}

async fn cancel(client: &Client, params: Value) {
    client
        .wire
        .tell(json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": params }))
        .await;
}

#[tokio::test]
async fn a_cancelled_call_has_no_answer_and_its_handler_is_dropped() {
    let diary = Diary::default();
    let server = server(&diary);
    for client in each(&server).await {
        for id in [json!(7), json!("seven")] {
            let before = diary.read().len();
            let call = begin(&client, id.clone(), "hang");
            cancel(&client, json!({ "requestId": id, "reason": "changed my mind" })).await;
            assert_eq!(call.await.body, None, "{}", client.revision);
            assert_eq!(diary.read().len(), before + 1, "{}", client.revision);
            let again = client.wire.ask(client.message(id, "tools/call", json!({ "name": "hello" }))).await;
            assert_eq!(again["result"]["content"][0]["text"], "hi", "the id is free");
        }
        assert_eq!(client.wire.said.methods(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn only_the_call_with_that_very_id_is_cancelled() {
    let diary = Diary::default();
    let server = server(&diary);
    for client in each(&server).await {
        let before = diary.read().len();
        let (mut number, mut text) = (begin(&client, json!(7), "hang"), begin(&client, json!("7"), "hang"));
        cancel(&client, json!({ "requestId": "7" })).await;
        assert!(poll_once(&mut number).is_pending());
        assert!(poll_once(&mut text).is_ready(), "{}", client.revision);
        assert_eq!(diary.read().len(), before + 1);
    }
}

#[tokio::test]
async fn a_connection_cannot_cancel_calls_of_another() {
    let server = server(&Diary::default());
    let (one, two) = (Client::new(&server, "2025-11-25").await, Client::new(&server, "2025-11-25").await);
    let mut call = begin(&one, json!(7), "hang");
    cancel(&two, json!({ "requestId": 7 })).await;
    assert!(poll_once(&mut call).is_pending());
}

#[tokio::test]
async fn malformed_and_late_cancels_are_ignored() {
    let server = server(&Diary::default());
    for client in each(&server).await {
        assert_eq!(client.text("hello").await, "hi");
        let mut call = begin(&client, json!(7), "hang");
        for params in [
            json!({}),
            json!({ "requestId": null }),
            json!({ "requestId": {} }),
            json!({ "requestId": 7.5 }),
            json!({ "requestId": [7] }),
            json!({ "requestId": 8 }),
            json!({ "requestId": 1 }),
            json!({ "request_id": 7 }),
        ] {
            cancel(&client, params).await;
        }
        client.wire.tell(json!({ "jsonrpc": "2.0", "method": "notifications/cancelled" })).await;
        assert!(poll_once(&mut call).is_pending(), "{}", client.revision);
        assert_eq!(client.text("hello").await, "hi", "the finished id is as good as any");
    }
}

/// Lets tasks run until something was noted.
async fn until(diary: &Diary, entries: usize) {
    while diary.read().len() < entries {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn work_that_goes_on_elsewhere_learns_of_it_and_says_nothing_more() {
    let diary = Diary::default();
    let server = server(&diary);
    for (at, client) in each(&server).await.iter().enumerate() {
        let call = begin(client, json!(7), "detach");
        cancel(client, json!({ "requestId": 7 })).await;
        assert_eq!(call.await.body, None);
        until(&diary, at + 1).await;
        assert_eq!(client.wire.said.methods(), Vec::<String>::new(), "{}", client.revision);
    }
}

#[tokio::test]
async fn a_dropped_call_is_a_cancelled_call() {
    let diary = Diary::default();
    let server = server(&diary);
    for (at, client) in each(&server).await.iter().enumerate() {
        drop(begin(client, json!(7), "hang"));
        assert_eq!(diary.read().len(), 2 * at + 1, "{}", client.revision);
        drop(begin(client, json!(7), "detach"));
        until(&diary, 2 * at + 2).await;
        let again = client.wire.ask(client.message(7, "tools/call", json!({ "name": "hello" }))).await;
        assert_eq!(again["result"]["content"][0]["text"], "hi", "the id is free");
        assert_eq!(client.wire.said.methods(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_closed_connection_takes_its_calls_along() {
    let diary = Diary::default();
    let server = server(&diary);
    for client in each(&server).await {
        let before = diary.read().len();
        let other = Client::new(&server, client.revision).await;
        let calls = [begin(&client, json!(1), "hang"), begin(&client, json!(2), "hang")];
        let mut foreign = begin(&other, json!(1), "hang");
        client.wire.close();
        for call in calls {
            assert_eq!(call.await.body, None, "{}", client.revision);
        }
        assert_eq!(diary.read().len(), before + 2);
        assert!(poll_once(&mut foreign).is_pending());
        drop(foreign);
    }
}

#[tokio::test]
async fn a_call_within_a_call_ends_with_it() {
    let diary = Diary::default();
    let client = Client::new(&server(&diary), MODERN).await;
    let call = begin(&client, json!(7), "outer");
    cancel(&client, json!({ "requestId": 7 })).await;
    assert_eq!(call.await.body, None);
    assert_eq!(diary.read(), ["dropped"]);
}

#[tokio::test]
async fn a_cancelled_item_is_missing_from_the_answer_of_its_batch() {
    let diary = Diary::default();
    let client = Client::new(&server(&diary), "2025-03-26").await;
    let item = |id: i64, tool: &str| client.message(id, "tools/call", json!({ "name": tool }));
    let mut batch = client.wire.call(json!([item(1, "hang"), item(2, "hello")]).to_string());
    assert!(poll_once(&mut batch).is_pending());
    cancel(&client, json!({ "requestId": 1 })).await;
    let answers: Value = serde_json::from_slice(&batch.await.body.unwrap()).unwrap();
    assert_eq!(answers.as_array().unwrap().len(), 1);
    assert_eq!(answers[0]["id"], 2);
}

#[tokio::test(start_paused = true)]
async fn a_question_that_is_open_does_not_keep_a_cancelled_call_alive() {
    let ask = Tool::new("ask").handler(|context: Context| async move {
        Ok::<_, HandlerError>(context.confirm("Really?").await?.to_string())
    });
    let server = Server::builder("demo").tools([ask, says("hello", "hi")]).build().unwrap();
    let wire = crate::wire::Wire::session_with(&server, "2025-11-25", json!({ "elicitation": {} })).await;
    let client = Client { revision: "2025-11-25", wire };
    let call = begin(&client, json!(7), "ask");
    let question = client.wire.said.at_least(1).await.remove(0);
    cancel(&client, json!({ "requestId": 7 })).await;
    let outbound = tokio::time::timeout(Duration::from_secs(1), call).await.unwrap();
    assert_eq!(outbound.body, None);
    client
        .wire
        .tell(json!({ "jsonrpc": "2.0", "id": question["id"], "result": { "action": "cancel" } }))
        .await;
    assert_eq!(client.text("hello").await, "hi");
}
