use serde::Deserialize;
use serde_json::{Value, json};
use toolwright_client::ClientError;
use toolwright_core::model::ContentBlock;

use crate::fake::{Call, Fake, LEGACY, MODERN, Reaction, text, unknown};

fn adder(call: Call) -> Reaction {
    match (call.method.as_str(), call.params["name"].as_str()) {
        ("tools/call", Some("add")) => {
            let arguments = &call.params["arguments"];
            let sum = arguments["a"].as_i64().unwrap() + arguments["b"].as_i64().unwrap();
            Reaction::Result(json!({
                "resultType": "complete",
                "content": [{ "type": "text", "text": sum.to_string() }],
                "structuredContent": { "result": sum },
            }))
        }
        ("tools/call", Some("fail")) => Reaction::Result(json!({
            "resultType": "complete", "isError": true,
            "content": [{ "type": "text", "text": "out of paper" }, { "type": "text", "text": "and ink" }],
        })),
        ("tools/call", Some("greet")) => text("hello"),
        ("tools/call", Some(_)) => Reaction::Error(-32602, "unknown tool", Value::Null),
        ("tools/list", _) => Reaction::Result(json!({
            "resultType": "complete", "ttlMs": 0, "cacheScope": "public",
            "tools": [{
                "name": "add", "inputSchema": { "type": "object" },
                "outputSchema": { "type": "object", "x-fastmcp-wrap-result": true },
            }],
        })),
        _ => unknown(),
    }
}

#[tokio::test]
async fn a_call_gives_typed_data_in_both_eras() {
    for revision in [MODERN, LEGACY] {
        let fake = Fake::new(revision, adder);
        let client = fake.connect().await;
        let sum: i64 = client.call("add", json!({ "a": 2, "b": 3 })).await.unwrap().data().unwrap();
        assert_eq!(sum, 5);
        let sent = &fake.sent_as("tools/call")[0];
        assert_eq!(sent["params"]["name"], "add");
        assert_eq!(sent["params"]["arguments"], json!({ "a": 2, "b": 3 }));
        assert_eq!(sent["params"].get("_meta").is_some(), revision == MODERN);
    }
}

#[tokio::test]
async fn a_wrapped_value_is_a_plain_one_once_the_tool_was_listed() {
    let client = Fake::new(LEGACY, adder).connect().await;
    let outcome = client.call("add", json!({ "a": 2, "b": 3 })).await.unwrap();
    assert_eq!(outcome.data::<Value>().unwrap(), json!({ "result": 5 }));
    client.tools().await.unwrap();
    let outcome = client.call("add", json!({ "a": 2, "b": 3 })).await.unwrap();
    assert_eq!(outcome.data::<Value>().unwrap(), json!(5));
    assert_eq!(outcome.structured().unwrap().as_str(), r#"{"result":5}"#);
}

#[tokio::test]
async fn text_is_read_where_there_is_no_structure() {
    let client = Fake::new(MODERN, adder).connect().await;
    let outcome = client.call("greet", ()).await.unwrap();
    assert_eq!(outcome.text(), "hello");
    assert_eq!(outcome.content(), [ContentBlock::text("hello")]);
    assert_eq!(outcome.data::<String>().unwrap(), "hello");
    let error = outcome.data::<i64>().unwrap_err();
    assert!(matches!(error, ClientError::Decode { .. }));
    assert!(
        error.to_string().starts_with("the answer of tool `greet` is not of the expected type"),
        "{error}"
    );
}

#[tokio::test]
async fn a_failing_tool_is_an_error_of_a_call_and_a_result_of_a_raw_one() {
    let client = Fake::new(MODERN, adder).connect().await;
    let error = client.call("fail", ()).await.unwrap_err();
    assert_eq!(error.to_string(), "tool `fail` failed: out of paper\nand ink");
    let ClientError::Tool(error) = error else { panic!("{error}") };
    assert_eq!((error.tool(), error.outcome().content().len()), ("fail", 2));

    let outcome = client.call_raw("fail", ()).await.unwrap();
    assert!(outcome.is_error());
    assert_eq!(outcome.text(), "out of paper\nand ink");
}

#[tokio::test]
async fn an_unknown_tool_is_the_servers_error() {
    let client = Fake::new(MODERN, adder).connect().await;
    let error = client.call("nothing", ()).await.unwrap_err();
    assert!(error.is_invalid_params() && !error.is_not_found());
    assert_eq!(error.to_string(), "unknown tool (-32602)");
}

#[tokio::test]
async fn arguments_are_any_serializable_object_or_nothing() {
    #[derive(serde::Serialize)]
    struct Sum {
        a: i64,
        b: i64,
    }
    let fake = Fake::new(MODERN, adder);
    let client = fake.connect().await;
    client.call("add", Sum { a: 1, b: 1 }).await.unwrap();
    client.call("greet", ()).await.unwrap();
    assert_eq!(fake.sent_as("tools/call")[1]["params"].get("arguments"), None);
    let error = client.call("add", [1, 2]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the arguments of `add` cannot be written as JSON: expected an object, such as `json!({})`, or nothing, such as `()`"
    );
    assert_eq!(fake.sent_as("tools/call").len(), 2, "nothing was sent");
}

#[tokio::test]
async fn options_travel_in_the_metadata() {
    let fake = Fake::new(MODERN, adder);
    let client = fake.connect().await;
    client.call("greet", ()).version("1.2").meta("com.example/trace", json!({ "n": 1 })).await.unwrap();
    let meta = &fake.sent_as("tools/call")[0]["params"]["_meta"];
    assert_eq!(meta["io.toolwright/version"], "1.2");
    assert_eq!(meta["com.example/trace"], json!({ "n": 1 }));
    assert_eq!(meta["io.modelcontextprotocol/protocolVersion"], "2026-07-28");

    let error = client.call("greet", ()).meta("progressToken", 1).await.unwrap_err();
    assert!(matches!(error, ClientError::Encode { .. }), "{error}");
}

#[tokio::test]
async fn structured_values_of_any_type_are_read() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Seat {
        row: char,
    }
    let client = Fake::new(MODERN, |_| {
        Reaction::Result(
            json!({ "resultType": "complete", "content": [], "structuredContent": [{ "row": "B" }] }),
        )
    })
    .connect()
    .await;
    let seats: Vec<Seat> = client.call("seats", ()).await.unwrap().data().unwrap();
    assert_eq!(seats, [Seat { row: 'B' }]);
}
