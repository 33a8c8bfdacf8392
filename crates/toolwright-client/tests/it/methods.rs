use serde_json::{Value, json};
use toolwright_client::{Client, ClientError};
use toolwright_core::model::{
    CompleteContext, CompleteParams, CompletionReference, LoggingLevel, ResourceContents,
};

use crate::fake::{Call, Fake, LEGACY, MODERN, Reaction, unknown};

fn server(call: Call) -> Reaction {
    Reaction::Result(match call.method.as_str() {
        "resources/read" if call.params["uri"] == "a://b" => json!({
            "resultType": "complete", "contents": [{ "uri": "a://b", "text": "hello" }], "ttlMs": 0, "cacheScope": "public",
        }),
        "resources/read" => {
            let modern = call.params.get("_meta").is_some();
            let code = if modern { -32602 } else { -32002 };
            return Reaction::Error(code, "no such resource", json!({ "uri": call.params["uri"] }));
        }
        "prompts/get" => json!({
            "resultType": "complete",
            "messages": [{ "role": "user", "content": { "type": "text", "text": call.params["arguments"].to_string() } }],
        }),
        "completion/complete" => json!({
            "resultType": "complete",
            "completion": { "values": [call.params["argument"]["value"], call.params["context"]["arguments"]["land"]], "hasMore": true },
        }),
        "example/echo" => json!({ "resultType": "complete", "got": call.params["x"] }),
        "ping" | "logging/setLevel" | "resources/subscribe" | "resources/unsubscribe" => json!({}),
        _ => return unknown(),
    })
}

#[tokio::test]
async fn resources_are_read_and_missing_ones_recognised_in_both_eras() {
    for revision in [MODERN, LEGACY] {
        let client = Fake::new(revision, server).connect().await;
        let result = client.read("a://b").await.unwrap();
        assert_eq!(result.contents, [ResourceContents::text("a://b", "hello")]);
        let error = client.read("a://c").await.unwrap_err();
        assert!(error.is_not_found(), "{error}");
    }
}

#[tokio::test]
async fn prompts_take_strings_so_other_arguments_are_written_as_such() {
    let client = Fake::new(MODERN, server).connect().await;
    let result = client.prompt("p", json!({ "text": "x", "count": 2, "absent": null })).await.unwrap();
    assert_eq!(result.messages[0].content.as_text(), Some(r#"{"count":"2","text":"x"}"#));
    let result = client.prompt("p", ()).await.unwrap();
    assert_eq!(result.messages[0].content.as_text(), Some("null"), "no arguments, no member");
    assert!(matches!(client.prompt("p", "text").await.unwrap_err(), ClientError::Encode { .. }));
}

#[tokio::test]
async fn completion_takes_the_arguments_chosen_so_far() {
    let client = Fake::new(MODERN, server).connect().await;
    let params = CompleteParams::new(CompletionReference::prompt("p"), "city", "Ber")
        .context(CompleteContext::new().arguments([("land", "de")]));
    let completion = client.complete(params).await.unwrap();
    assert_eq!(completion.values, ["Ber", "de"]);
    assert_eq!(completion.has_more, Some(true));
}

#[tokio::test]
async fn methods_of_a_session_work_there_and_are_a_clear_error_elsewhere() {
    let fake = Fake::new(LEGACY, server);
    let client = fake.connect().await;
    client.ping().await.unwrap();
    client.subscribe("a://b").await.unwrap();
    client.unsubscribe("a://b").await.unwrap();
    client.set_level(LoggingLevel::Warning).await.unwrap();
    client.roots_changed().await.unwrap();
    assert_eq!(fake.sent_as("resources/subscribe")[0]["params"], json!({ "uri": "a://b" }));
    assert_eq!(fake.sent_as("logging/setLevel")[0]["params"], json!({ "level": "warning" }));
    assert_eq!(fake.sent_as("notifications/roots/list_changed").len(), 1);
    assert_eq!(
        client.discover().await.unwrap_err().to_string(),
        "revision 2025-11-25 has no server/discover"
    );

    let client = Fake::new(MODERN, server).connect().await;
    for error in [
        client.ping().await.unwrap_err(),
        client.subscribe("a://b").await.unwrap_err(),
        client.unsubscribe("a://b").await.unwrap_err(),
    ] {
        assert!(matches!(error, ClientError::Unsupported { revision: MODERN, .. }), "{error}");
    }
    client.roots_changed().await.unwrap();
    assert_eq!(client.discover().await.unwrap().instructions.as_deref(), Some("Be kind."));
}

#[tokio::test]
async fn the_log_level_is_part_of_each_stateless_request_and_a_setting_of_a_session() {
    let level = |message: &Value| message["params"]["_meta"]["io.modelcontextprotocol/logLevel"].clone();

    let fake = Fake::new(MODERN, server);
    let client = fake.connect_with(Client::builder().on_log(|_| ())).await.unwrap();
    client.read("a://b").await.unwrap();
    client.set_level(LoggingLevel::Error).await.unwrap();
    client.read("a://b").await.unwrap();
    client.read("a://b").log_level(LoggingLevel::Debug).await.unwrap();
    let levels: Vec<_> = fake.sent_as("resources/read").iter().map(level).collect();
    assert_eq!(levels, ["info", "error", "debug"]);

    let fake = Fake::new(LEGACY, server);
    fake.connect_with(Client::builder().log_level(LoggingLevel::Notice)).await.unwrap();
    assert_eq!(fake.sent_as("logging/setLevel")[0]["params"]["level"], "notice");
}

#[tokio::test]
async fn a_server_that_only_says_that_it_takes_a_log_level_is_connected_to_all_the_same() {
    let fake = Fake::new(LEGACY, |call| match call.method.as_str() {
        "logging/setLevel" => unknown(),
        _ => server(call),
    });
    let client = fake.connect_with(Client::builder().log_level(LoggingLevel::Notice)).await.unwrap();
    assert_eq!(fake.sent_as("logging/setLevel").len(), 1);
    client.read("a://b").await.unwrap();
}

#[tokio::test]
async fn methods_of_extensions_can_be_called() {
    let fake = Fake::new(MODERN, server);
    let client = fake.connect().await;
    let result =
        client.request("example/echo", json!({ "x": 7, "_meta": { "com.example/y": 1 } })).await.unwrap();
    assert_eq!(result.read::<Value>().unwrap()["got"], 7);
    let meta = &fake.sent_as("example/echo")[0]["params"]["_meta"];
    assert_eq!(meta["com.example/y"], 1);
    assert_eq!(meta["io.modelcontextprotocol/protocolVersion"], "2026-07-28");
    assert!(client.request("example/none", ()).await.unwrap_err().is_method_not_found());
}
