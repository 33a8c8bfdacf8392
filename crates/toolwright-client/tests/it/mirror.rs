use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use serde_json::{Value, json};
use toolwright_client::ClientError;

use crate::fake::{Fake, LEGACY, MODERN, Reaction, text};

fn tool(name: &str, properties: Value) -> Value {
    json!({ "name": name, "inputSchema": { "type": "object", "properties": properties } })
}

fn region(header: &str) -> Value {
    tool(
        "query",
        json!({ "region": { "type": "string", "x-mcp-header": header }, "text": { "type": "string" } }),
    )
}

fn listing(tools: Value) -> Reaction {
    Reaction::Result(json!({ "resultType": "complete", "tools": tools, "ttlMs": 0, "cacheScope": "public" }))
}

fn call(head: &str) -> String {
    format!("tools/call mcp-protocol-version=2026-07-28 mcp-method=tools/call mcp-name=query{head}")
}

#[tokio::test]
async fn a_call_repeats_arguments_in_the_headers_that_the_listed_schema_names() {
    let fake = Fake::new(MODERN, |call| match call.method.as_str() {
        "tools/list" => listing(json!([region("Region")])),
        _ => text("ok"),
    });
    let client = fake.connect().await;
    client.call("query", json!({ "region": "eu", "text": "x" })).await.unwrap();
    client.tools().await.unwrap();
    client.call("query", json!({ "region": "eu", "text": "x" })).await.unwrap();
    client.call("query", json!({ "region": "Zürich" })).await.unwrap();
    client.call("query", json!({ "region": null, "text": "x" })).await.unwrap();
    client.call("query", ()).await.unwrap();
    client.request("tools/call", json!({ "name": "query", "arguments": { "region": "" } })).await.unwrap();
    let heads = fake.heads();
    let calls: Vec<_> = heads.iter().filter(|head| head.starts_with("tools/call")).collect();
    assert_eq!(calls[0], &call(""), "nothing is known of the tool yet");
    assert_eq!(calls[1], &call(" mcp-param-region=eu"));
    assert_eq!(calls[2], &call(" mcp-param-region==?base64?WsO8cmljaA==?="));
    assert_eq!((calls[3], calls[4]), (&call(""), &call("")));
    assert_eq!(calls[5], &call(" mcp-param-region="));
}

#[tokio::test]
async fn a_tool_whose_headers_are_invalid_is_left_out_of_lists() {
    let header = |header: Value| json!({ "a": { "type": "string", "x-mcp-header": header } });
    let of_type = |kind: &str| json!({ "a": { "type": kind, "x-mcp-header": "A" } });
    let tools = json!([
        tool("valid_tool", header(json!("Region"))),
        tool("empty", header(json!(""))),
        tool("space", header(json!("My Region"))),
        tool("colon", header(json!("a:b"))),
        tool("letters", header(json!("Région"))),
        tool("tab", header(json!("a\tb"))),
        tool("object", of_type("object")),
        tool("array", of_type("array")),
        tool("null", of_type("null")),
        tool(
            "twice",
            json!({
                "a": { "type": "string", "x-mcp-header": "A" }, "b": { "type": "string", "x-mcp-header": "a" },
            })
        ),
        tool(
            "below",
            json!({ "a": { "type": "array", "items": { "type": "string", "x-mcp-header": "A" } } })
        ),
        tool("plain", json!({})),
    ]);
    for (revision, expected) in [(MODERN, 2), (LEGACY, 12)] {
        let tools = tools.clone();
        let client = Fake::new(revision, move |_| listing(tools.clone())).connect().await;
        let listed: Vec<_> = client.tools().await.unwrap().into_iter().map(|tool| tool.name).collect();
        assert_eq!(listed.len(), expected, "{listed:?}");
        assert_eq!((&*listed[0], &*listed[expected - 1]), ("valid_tool", "plain"));
    }
}

#[tokio::test]
async fn a_call_that_is_refused_for_its_headers_is_repeated_once_after_another_look_at_the_list() {
    let fake = Fake::new(MODERN, |call| match call.method.as_str() {
        "tools/list" => listing(json!([region("Region")])),
        _ => match call.params["arguments"]["region"].as_str() {
            // The fake cannot see headers, so it lets the second attempt pass.
            Some("eu") if call.id == 2 => {
                Reaction::Error(-32020, "header `Mcp-Param-Region` is missing", Value::Null)
            }
            _ => text("ok"),
        },
    });
    let client = fake.connect().await;
    assert_eq!(client.call("query", json!({ "region": "eu" })).await.unwrap().text(), "ok");
    assert_eq!(fake.sent_as("tools/list").len(), 1);
    assert_eq!(fake.heads().last().unwrap(), &call(" mcp-param-region=eu"));

    let always = Fake::new(MODERN, |call| match call.method.as_str() {
        "tools/list" => listing(json!([])),
        _ => Reaction::Error(-32020, "no", Value::Null),
    });
    let error = always.connect().await.call("query", ()).await.unwrap_err();
    assert!(matches!(error, ClientError::Rpc(error) if error.code == -32020));
    assert_eq!(always.sent_as("tools/call").len(), 2);
}

#[tokio::test]
async fn what_is_known_of_a_tool_is_forgotten_when_the_list_changes() {
    let renamed = Arc::new(AtomicBool::new(false));
    let seen = renamed.clone();
    let fake = Fake::new(MODERN, move |call| match call.method.as_str() {
        "tools/list" => {
            listing(json!([region(if seen.load(Ordering::SeqCst) { "Place" } else { "Region" })]))
        }
        _ => text("ok"),
    });
    let client = fake.connect().await;
    client.tools().await.unwrap();
    renamed.store(true, Ordering::SeqCst);
    fake.notify("notifications/tools/list_changed", json!({}));
    client.call("query", json!({ "region": "eu" })).await.unwrap();
    assert_eq!(fake.heads().last().unwrap(), &call(""));
    client.tools().await.unwrap();
    client.call("query", json!({ "region": "eu" })).await.unwrap();
    assert_eq!(fake.heads().last().unwrap(), &call(" mcp-param-place=eu"));
}

#[tokio::test]
async fn schemas_come_as_the_server_wrote_them() {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "$anchor": "a",
        "$defs": { "far": { "$ref": "https://example.com/never-fetched.json" } },
        "properties": { "a": { "$ref": "#/$defs/far", "x-unknown": [1, { "b": null }] } },
        "dependentSchemas": {}, "unevaluatedProperties": false,
    });
    let listed = schema.clone();
    let client =
        Fake::new(MODERN, move |_| listing(json!([{ "name": "t", "inputSchema": listed }]))).connect().await;
    assert_eq!(client.tools().await.unwrap()[0].input_schema.read::<Value>().unwrap(), schema);
}
