//! What cannot be understood is answered as far as it can be, and the connection lives on.
use http::StatusCode;
use serde_json::{Value, json};
use toolwright_core::joint::{Limits, Outbound};
use toolwright_server::{Context, Server, Tool};

use crate::{
    each::{ALL, Client, Diary, LEGACY, MODERN, says},
    wire::{Wire, modern},
};

fn server() -> Server {
    Server::builder("demo").tool(says("hello", "hi")).build().unwrap()
}

fn body(outbound: Outbound) -> Value {
    serde_json::from_slice(&outbound.body.unwrap()).unwrap()
}

/// Text, the code of its answer, and the id that could be read.
fn nonsense() -> Vec<(&'static [u8], i64, Value)> {
    let none = Value::Null;
    vec![
        (b"", -32700, none.clone()),
        (b"   \t", -32700, none.clone()),
        (b"{", -32700, none.clone()),
        (b"nonsense", -32700, none.clone()),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"", -32700, none.clone()),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} {}", -32700, none.clone()),
        (b"{'jsonrpc':'2.0'}", -32700, none.clone()),
        (b"\xff\xfe", -32700, none.clone()),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}", -32700, none.clone()),
        (b"[", -32700, none.clone()),
        (b"[1,", -32700, none.clone()),
        (b"7", -32600, none.clone()),
        (b"null", -32600, none.clone()),
        (b"\"ping\"", -32600, none.clone()),
        (b"{}", -32600, none.clone()),
        (b"[]", -32600, none.clone()),
        (b"{\"id\":1,\"method\":\"ping\"}", -32600, json!(1)),
        (b"{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}", -32600, json!(1)),
        (b"{\"jsonrpc\":2.0,\"id\":1,\"method\":\"ping\"}", -32600, json!(1)),
        (b"{\"jsonrpc\":\"2.0\",\"id\":\"a\"}", -32600, json!("a")),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":7}", -32600, json!(1)),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":null}", -32600, json!(1)),
        (b"{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"ping\"}", -32600, none.clone()),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}", -32600, none.clone()),
        (b"{\"jsonrpc\":\"2.0\",\"id\":true,\"method\":\"ping\"}", -32600, none.clone()),
        (b"{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"ping\"}", -32600, none.clone()),
        (b"{\"jsonrpc\":\"2.0\",\"id\":99999999999999999999,\"method\":\"ping\"}", -32600, none),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":[]}", -32600, json!(1)),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":\"x\"}", -32600, json!(1)),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"params\":null}", -32600, json!(1)),
        (b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",\"result\":{}}", -32600, json!(1)),
    ]
}

#[tokio::test]
async fn nonsense_is_answered_with_its_code_and_the_connection_lives_on() {
    let server = server();
    for revision in ALL {
        let client = Client::new(&server, revision).await;
        for (text, code, id) in nonsense() {
            let outbound = client.wire.raw(text).await;
            let shown = String::from_utf8_lossy(text);
            assert_eq!(outbound.status, StatusCode::BAD_REQUEST, "{revision}: {shown}");
            let answer = body(outbound);
            assert_eq!(answer["jsonrpc"], "2.0");
            assert_eq!(answer["error"]["code"], code, "{revision}: {shown}");
            assert_eq!(answer["id"], id, "{revision}: {shown}");
            assert_eq!(answer["result"], Value::Null);
        }
        assert_eq!(client.text("hello").await, "hi", "{revision}");
    }
}

#[tokio::test]
async fn an_unreadable_id_is_null_where_the_schema_demands_one_and_left_out_where_it_does_not() {
    for revision in ALL {
        let client = Client::new(&server(), revision).await;
        let answer = body(client.wire.raw("nonsense").await);
        let has_id = answer.as_object().unwrap().contains_key("id");
        let expected = ["2024-11-05", "2025-03-26", "2025-06-18"].contains(&revision);
        assert_eq!(has_id, expected, "{revision}: {answer}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_and_spaces_around_a_message_do_no_harm() {
    for revision in ALL {
        let client = Client::new(&server(), revision).await;
        let message = client.message(1, "tools/call", json!({ "name": "hello" }));
        let answer = body(client.wire.raw(format!("\u{feff}  {message}\r\n")).await);
        assert_eq!(answer["result"]["content"][0]["text"], "hi", "{revision}");
    }
}

#[tokio::test]
async fn unknown_members_are_no_mistake() {
    for revision in ALL {
        let client = Client::new(&server(), revision).await;
        let mut message = client.message(1, "tools/call", json!({ "name": "hello", "uri": 7, "x": [null] }));
        message["trace"] = json!({});
        let answer = client.wire.ask(message).await;
        assert_eq!(answer["result"]["content"][0]["text"], "hi", "{revision}");
    }
}

#[tokio::test]
async fn what_nests_too_deep_is_refused_with_its_id() {
    let server = Server::builder("demo")
        .limits(Limits::default().depth(10))
        .tool(says("hello", "hi"))
        .build()
        .unwrap();
    for revision in ALL {
        let client = Client::new(&server, revision).await;
        let deep = format!("{}{}", "[".repeat(20), "]".repeat(20));
        let deep: Value = serde_json::from_str(&deep).unwrap();
        let answer = client.ask("tools/call", json!({ "name": "hello", "arguments": { "a": deep } })).await;
        assert_eq!((&answer["id"], &answer["error"]["code"]), (&json!(1), &json!(-32600)), "{revision}");
        assert_eq!(client.text("hello").await, "hi", "{revision}");
    }
}

#[tokio::test]
async fn answers_that_nobody_waits_for_are_ignored() {
    for revision in ALL {
        let client = Client::new(&server(), revision).await;
        for response in [
            json!({ "jsonrpc": "2.0", "id": 1, "result": {} }),
            json!({ "jsonrpc": "2.0", "id": "who", "result": {} }),
            json!({ "jsonrpc": "2.0", "id": 1, "error": { "code": 1, "message": "no" } }),
            json!({ "jsonrpc": "2.0", "id": null, "error": { "code": 1, "message": "no" } }),
            json!({ "jsonrpc": "2.0", "error": { "code": 1, "message": "no" } }),
            json!({ "jsonrpc": "2.0", "id": 1, "result": {}, "error": {} }),
            json!({ "jsonrpc": "2.0", "id": 1, "error": "no" }),
            json!({ "jsonrpc": "2.0", "result": {} }),
        ] {
            client.wire.tell(response).await;
        }
        assert_eq!(client.text("hello").await, "hi", "{revision}");
        assert_eq!(client.wire.said.methods(), Vec::<String>::new());
    }
}

fn call(id: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": "hello" } })
}

#[tokio::test]
async fn only_one_revision_has_batches() {
    for revision in ALL {
        let client = Client::new(&server(), revision).await;
        let outbound = client.wire.raw(json!([call(json!(1))]).to_string()).await;
        if revision == "2025-03-26" {
            assert_eq!(outbound.status, StatusCode::OK);
            assert_eq!(body(outbound)[0]["result"]["content"][0]["text"], "hi");
        } else {
            assert_eq!(outbound.status, StatusCode::BAD_REQUEST);
            let answer = body(outbound);
            assert_eq!(answer["error"]["code"], -32600, "{revision}");
            assert_eq!(answer["id"], Value::Null);
        }
        assert_eq!(client.text("hello").await, "hi", "{revision}");
    }
    let outbound = Wire::stateless(&server())
        .raw(json!([modern(1, "tools/list", json!({}), json!({}))]).to_string())
        .await;
    assert_eq!(body(outbound)["error"]["code"], -32600);
}

#[tokio::test]
async fn each_request_of_a_batch_gets_its_answer_and_nothing_else_does() {
    let client = Client::new(&server(), "2025-03-26").await;
    let batch = json!([
        call(json!("a")),
        { "jsonrpc": "2.0", "method": "notifications/initialized" },
        { "jsonrpc": "2.0", "id": 2, "method": "no/such" },
        7,
        { "jsonrpc": "2.0", "id": 3 },
        { "jsonrpc": "2.0", "id": 99, "result": {} },
        { "jsonrpc": "2.0", "id": 4, "method": "ping" },
    ]);
    let answers = body(client.wire.raw(batch.to_string()).await);
    let answers: Vec<_> = answers
        .as_array()
        .unwrap()
        .iter()
        .map(|answer| (answer["id"].clone(), answer["error"]["code"].clone()))
        .collect();
    assert_eq!(
        answers,
        [
            (json!("a"), Value::Null),
            (json!(2), json!(-32601)),
            (Value::Null, json!(-32600)),
            (json!(3), json!(-32600)),
            (json!(4), Value::Null),
        ]
    );
}

#[tokio::test]
async fn a_batch_without_requests_has_no_answer() {
    let client = Client::new(&server(), "2025-03-26").await;
    let notice = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let outbound = client.wire.raw(json!([notice, notice]).to_string()).await;
    assert_eq!((outbound.body, outbound.status), (None, StatusCode::ACCEPTED));
    let response = json!({ "jsonrpc": "2.0", "id": 1, "result": {} });
    assert_eq!(client.wire.raw(json!([response]).to_string()).await.body, None);
}

#[tokio::test]
async fn a_handshake_or_a_stateless_request_is_refused_inside_a_batch() {
    let client = Client::new(&server(), "2025-03-26").await;
    let hello = json!({ "jsonrpc": "2.0", "id": 5, "method": "initialize", "params": {
        "protocolVersion": "2024-11-05", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } } });
    let stateless = modern(6, "tools/list", json!({}), json!({}));
    let answers = body(client.wire.raw(json!([hello, stateless, call(json!(7))]).to_string()).await);
    assert_eq!((&answers[0]["id"], &answers[0]["error"]["code"]), (&json!(5), &json!(-32600)));
    assert_eq!((&answers[1]["id"], &answers[1]["error"]["code"]), (&json!(6), &json!(-32600)));
    assert_eq!(answers[2]["result"]["content"][0]["text"], "hi");
    assert_eq!(
        client.wire.raw(json!([call(json!(8))]).to_string()).await.status,
        StatusCode::OK,
        "still 2025-03-26"
    );
}

#[tokio::test]
async fn a_batch_has_a_longest_length() {
    let server =
        Server::builder("demo").limits(Limits::default().batch(2)).tool(says("hello", "hi")).build().unwrap();
    let client = Client::new(&server, "2025-03-26").await;
    let calls: Vec<_> = (0..3).map(|id| call(json!(id))).collect();
    assert_eq!(body(client.wire.raw(json!(calls).to_string()).await)["error"]["code"], -32600);
    assert_eq!(body(client.wire.raw(json!(calls[..2]).to_string()).await).as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn items_of_a_batch_run_at_the_same_time() {
    let barrier = std::sync::Arc::new(tokio::sync::Barrier::new(2));
    let meet = Tool::new("meet").handler(move |_: Context| {
        let barrier = barrier.clone();
        async move {
            barrier.wait().await;
            "met"
        }
    });
    let server = Server::builder("demo").tool(meet).build().unwrap();
    let client = Client::new(&server, "2025-03-26").await;
    let meet =
        |id: i64| json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": "meet" } });
    let answers = body(client.wire.raw(json!([meet(1), meet(2)]).to_string()).await);
    assert_eq!(answers[1]["result"]["content"][0]["text"], "met");
}

#[tokio::test]
async fn a_request_that_lost_its_id_is_not_run() {
    let diary = Diary::default();
    let own = diary.clone();
    let charge = Tool::new("charge").handler(move |_: Context| {
        own.note("charged");
        async { "done" }
    });
    let server = Server::builder("demo").tool(charge).build().unwrap();
    for revision in LEGACY.into_iter().chain([MODERN]) {
        let client = Client::new(&server, revision).await;
        let mut message = client.message(1, "tools/call", json!({ "name": "charge" }));
        message.as_object_mut().unwrap().remove("id");
        client.wire.tell(message).await;
    }
    assert_eq!(diary.read(), Vec::<String>::new());
}
