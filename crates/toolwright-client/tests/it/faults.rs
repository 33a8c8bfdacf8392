use std::time::Duration;

use serde_json::{Value, json};
use toolwright_client::{Client, ClientError};

use crate::fake::{Fake, LEGACY, MODERN, Reaction, later, settle_down, text};

async fn failure(reaction: impl Fn(&Value) -> Reaction + Send + Sync + 'static) -> ClientError {
    let client = Fake::new(MODERN, move |call| reaction(&call.id)).connect().await;
    client.call("x", ()).await.unwrap_err()
}

#[tokio::test]
async fn malformed_answers_are_the_servers_fault() {
    let table: [(&str, fn(&Value) -> Reaction); 13] = [
        ("malformed answer: not JSON", |_| Reaction::Bytes("what?".to_owned())),
        ("malformed answer: the JSON text ends too early", |_| {
            Reaction::Bytes("{\"jsonrpc\":\"2.0\"".to_owned())
        }),
        ("malformed answer: `jsonrpc` is missing", |id| {
            Reaction::Bytes(json!({ "id": id, "result": {} }).to_string())
        }),
        ("malformed answer: a response has `result` or `error`, not both", |id| {
            let error = json!({ "code": 1, "message": "m" });
            Reaction::Bytes(json!({ "jsonrpc": "2.0", "id": id, "result": {}, "error": error }).to_string())
        }),
        ("malformed answer: `error` must be an object", |id| {
            Reaction::Bytes(json!({ "jsonrpc": "2.0", "id": id, "error": "no" }).to_string())
        }),
        ("a `result` must be an object", |_| Reaction::Result(json!([]))),
        ("was answered under the id Integer(4711)", |_| {
            Reaction::Bytes(json!({ "jsonrpc": "2.0", "id": 4711, "result": {} }).to_string())
        }),
        ("was answered under the id String(\"2\")", |id| {
            Reaction::Bytes(json!({ "jsonrpc": "2.0", "id": id.to_string(), "result": {} }).to_string())
        }),
        ("answered by a message that is no response", |_| {
            Reaction::Bytes(json!({ "jsonrpc": "2.0", "method": "notifications/message" }).to_string())
        }),
        ("malformed result of `tools/call`: invalid type", |_| {
            Reaction::Result(json!({ "content": "text" }))
        }),
        ("malformed result of `tools/call`: unknown variant `odd`", |_| {
            Reaction::Result(json!({ "content": [{ "type": "odd" }] }))
        }),
        ("unknown `resultType` \"task\" of `tools/call`", |_| {
            Reaction::Result(json!({ "resultType": "task", "content": [] }))
        }),
        ("a request was accepted but not answered", |_| Reaction::Status(202, None)),
    ];
    for (expected, reaction) in table {
        let error = failure(reaction).await;
        assert!(matches!(error, ClientError::Protocol(_)), "{error}");
        assert!(error.to_string().contains(expected), "`{error}` has no `{expected}`");
    }
}

#[tokio::test]
async fn a_status_without_a_message_is_a_refusal() {
    for (status, body) in [(401, None), (503, Some("<html>try later</html>")), (413, Some(""))] {
        let error = failure(move |_| Reaction::Status(status, body.map(str::to_owned))).await;
        assert!(matches!(error, ClientError::Refused { status: refused } if refused == status), "{error}");
    }
    let error = failure(|id| {
        let error = json!({ "code": -32601, "message": "unknown" });
        Reaction::Status(404, Some(json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string()))
    })
    .await;
    assert!(error.is_method_not_found(), "the message explains the status");
}

#[tokio::test]
async fn an_error_without_an_id_answers_the_only_request_it_can() {
    let error = failure(|_| {
        Reaction::Bytes(
            r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"not JSON"}}"#.to_owned(),
        )
    })
    .await;
    assert_eq!(error.to_string(), "not JSON (-32700)");
}

#[tokio::test]
async fn an_answer_without_a_result_type_is_complete() {
    let client = Fake::new(MODERN, |_| Reaction::Result(json!({ "content": [] }))).connect().await;
    assert_eq!(client.call("x", ()).await.unwrap().text(), "");
}

#[tokio::test]
async fn a_result_type_counts_wherever_it_stands() {
    let client = Fake::new(MODERN, |call| {
        let id = call.id;
        Reaction::Bytes(format!(
            r#"{{"jsonrpc":"2.0","id":{id},"result":{{"content":[],"resultType":"odd"}}}}"#
        ))
    })
    .connect()
    .await;
    assert!(matches!(client.call("x", ()).await, Err(ClientError::Protocol(_))));
}

#[tokio::test]
async fn a_result_type_of_an_extension_is_accepted_when_claimed() {
    let fake = Fake::new(MODERN, |_| Reaction::Result(json!({ "resultType": "task", "taskId": "7" })));
    let client = fake.connect_with(Client::builder().result_type("task")).await.unwrap();
    let result = client.request("tools/call", json!({ "name": "x" })).await.unwrap();
    assert_eq!(result.read::<Value>().unwrap()["taskId"], "7");
}

#[tokio::test]
async fn older_sessions_know_no_result_types() {
    let fake = Fake::new(LEGACY, |_| Reaction::Result(json!({ "resultType": "odd", "content": [] })));
    fake.connect().await.call("x", ()).await.unwrap();
}

#[tokio::test]
async fn an_answer_can_come_in_a_batch_with_other_messages() {
    let fake = Fake::new(toolwright_core::era::Revision::V2025_03_26, |call| {
        Reaction::Bytes(
            json!([
                { "jsonrpc": "2.0", "method": "notifications/message", "params": { "level": "info", "data": "hi" } },
                { "jsonrpc": "2.0", "id": call.id, "result": { "content": [{ "type": "text", "text": "ok" }] } },
            ])
            .to_string(),
        )
    });
    let (logs, mut logged) = tokio::sync::mpsc::unbounded_channel();
    let builder = Client::builder().on_log(move |message| drop(logs.send(message.data)));
    let client = fake.connect_with(builder).await.unwrap();
    assert_eq!(client.call("x", ()).await.unwrap().text(), "ok");
    assert_eq!(logged.try_recv().unwrap().as_str(), "\"hi\"");
}

#[tokio::test(start_paused = true)]
async fn a_silent_server_is_given_up_and_told_so() {
    let fake = Fake::new(MODERN, |_| Reaction::Silence);
    let client = fake.connect().await;
    let start = tokio::time::Instant::now();
    let error = client.call("x", ()).await.unwrap_err();
    assert_eq!(error.to_string(), "no answer to `tools/call` within 60s");
    assert!(error.is_timeout());
    assert_eq!(start.elapsed().as_secs(), 60);

    let error = client.call("x", ()).timeout(Duration::from_secs(5)).await.unwrap_err();
    assert_eq!(error.to_string(), "no answer to `tools/call` within 5s");
    settle_down().await;
    let cancelled: Vec<_> = fake
        .sent_as("notifications/cancelled")
        .iter()
        .map(|message| message["params"]["requestId"].clone())
        .collect();
    let asked: Vec<_> = fake.sent_as("tools/call").iter().map(|message| message["id"].clone()).collect();
    assert_eq!(cancelled, asked);
}

#[tokio::test(start_paused = true)]
async fn reports_of_progress_extend_the_wait_up_to_a_maximum() {
    let fake = Fake::new(MODERN, |call| {
        later(async move {
            for step in 1.. {
                tokio::time::sleep(Duration::from_secs(40)).await;
                call.report(json!(step));
            }
            Reaction::Silence
        })
    });
    let builder = Client::builder().deadline(Duration::from_secs(200));
    let client = fake.connect_with(builder).await.unwrap();
    let start = tokio::time::Instant::now();
    let error = client.call("x", ()).on_progress(|_| ()).await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(start.elapsed().as_secs(), 200);
}

#[tokio::test]
async fn whoever_waits_when_the_connection_goes_is_told() {
    for revision in [MODERN, LEGACY] {
        let fake = Fake::new(revision, |call| match call.params["name"].as_str() {
            Some("gone") => Reaction::Close,
            _ => Reaction::Silence,
        });
        let client = fake.connect_with(Client::builder().reconnect(false)).await.unwrap();
        assert!(matches!(client.call("gone", ()).await, Err(ClientError::Closed)));

        let waiting = tokio::spawn(client.call("silent", ()).into_future());
        settle_down().await;
        fake.close();
        assert!(waiting.await.unwrap().unwrap_err().is_closed());
        assert!(client.call("x", ()).await.unwrap_err().is_closed());
    }
}

#[tokio::test]
async fn closing_the_client_fails_whatever_waits() {
    let fake = Fake::watchful(MODERN, |_| Reaction::Silence);
    let client = fake.connect().await;
    let waiting = tokio::spawn(client.call("x", ()).into_future());
    settle_down().await;
    client.close().await;
    assert!(matches!(waiting.await.unwrap(), Err(ClientError::Closed)));
    assert!(matches!(client.call("x", ()).await, Err(ClientError::Closed)));
    assert!(matches!(client.notify("notifications/x", &()).await, Err(ClientError::Closed)));
}

#[tokio::test]
async fn requests_run_at_the_same_time() {
    let barrier = std::sync::Arc::new(tokio::sync::Barrier::new(32));
    let client = Fake::new(MODERN, move |call| {
        let barrier = barrier.clone();
        later(async move {
            barrier.wait().await;
            text(&call.params["arguments"]["n"].to_string())
        })
    })
    .connect()
    .await;
    let calls: Vec<_> =
        (0..32).map(|n| tokio::spawn(client.call("x", json!({ "n": n })).into_future())).collect();
    for (n, call) in calls.into_iter().enumerate() {
        assert_eq!(call.await.unwrap().unwrap().data::<usize>().unwrap(), n);
    }
}

#[tokio::test(start_paused = true)]
async fn a_notification_that_the_server_does_not_read_is_given_up() {
    let client = Fake::new(MODERN, |_| Reaction::Silence).connect().await;
    let error = client.notify("example/unread", &()).await.unwrap_err();
    assert_eq!(error.to_string(), "no answer to `example/unread` within 60s");
}
