use serde_json::json;
use toolwright_client::Client;
use toolwright_core::{
    era::Revision,
    model::{Root, SubscriptionFilter},
};

use crate::fake::{Fake, LEGACY, MODERN, Reaction, later, settle_down, text};

fn fake(revision: Revision) -> Fake {
    Fake::new(revision, |call| match call.method.as_str() {
        "tools/call" => text("ok"),
        "prompts/get" => Reaction::Result(json!({ "resultType": "complete", "messages": [] })),
        "resources/read" => Reaction::Result(json!({ "resultType": "complete", "contents": [] })),
        _ => Reaction::Result(json!({ "resultType": "complete", "tools": [] })),
    })
}

#[tokio::test]
async fn a_stateless_request_says_in_headers_what_it_is_and_what_it_addresses() {
    let fake = fake(MODERN);
    let client = fake.connect().await;
    client.tools().await.unwrap();
    client.call("füge hinzu", ()).await.unwrap();
    client.prompt("greet", ()).await.unwrap();
    client.read("file:///a%20b").await.unwrap();
    client.request("tasks/get", json!({ "taskId": "t-1" })).await.unwrap();
    client.request("tools/call", json!({ "name": "add" })).await.unwrap();
    client.notify("notifications/example", &()).await.unwrap();
    let base = |method: &str| format!("{method} mcp-protocol-version=2026-07-28 mcp-method={method}");
    assert_eq!(
        fake.heads(),
        [
            base("server/discover"),
            base("tools/list"),
            base("tools/call") + " mcp-name==?base64?ZsO8Z2UgaGluenU=?=",
            base("prompts/get") + " mcp-name=greet",
            base("resources/read") + " mcp-name=file:///a%20b",
            base("tasks/get") + " mcp-name=t-1",
            base("tools/call") + " mcp-name=add",
            base("notifications/example"),
        ]
    );
    assert_eq!(fake.settled(), [MODERN]);
}

#[tokio::test]
async fn a_session_names_its_revision_after_the_handshake() {
    let fake = fake(LEGACY);
    let builder = Client::builder().roots([Root::new("file:///a")]);
    let client = fake.connect_with(builder).await.unwrap();
    client.call("add", ()).await.unwrap();
    client.roots_changed().await.unwrap();
    let version = "mcp-protocol-version=2025-11-25";
    assert_eq!(
        fake.heads(),
        [
            "server/discover mcp-protocol-version=2026-07-28 mcp-method=server/discover".to_owned(),
            "initialize".to_owned(),
            format!("notifications/initialized {version}"),
            format!("tools/call {version}"),
            format!("notifications/roots/list_changed {version}"),
        ]
    );
    assert_eq!(fake.settled(), [LEGACY]);
}

#[tokio::test]
async fn older_sessions_have_no_headers() {
    let fake = fake(Revision::V2025_03_26);
    fake.connect().await.call("add", ()).await.unwrap();
    assert_eq!(fake.heads()[1..], ["initialize", "notifications/initialized", "tools/call"]);
}

#[tokio::test]
async fn answers_and_what_goes_on_in_the_background_have_headers_too() {
    let fake = Fake::new(LEGACY, |call| match call.params["name"].as_str() {
        Some("ask") => later(async move {
            call.ask("q", "roots/list", json!({})).await;
            text("ok")
        }),
        _ => Reaction::Silence,
    });
    let builder = Client::builder().roots([Root::new("file:///a")]);
    let client = fake.connect_with(builder).await.unwrap();
    client.call("ask", ()).await.unwrap();
    drop(tokio::time::timeout(std::time::Duration::ZERO, client.call("hang", ())).await);
    settle_down().await;
    let heads = fake.heads();
    assert!(heads.contains(&"- mcp-protocol-version=2025-11-25".to_owned()), "{heads:?}");
    assert!(
        heads.contains(&"notifications/cancelled mcp-protocol-version=2025-11-25".to_owned()),
        "{heads:?}"
    );
}

#[tokio::test]
async fn a_listen_request_has_headers() {
    let fake = Fake::new(MODERN, |call| {
        call.notify(
            "notifications/subscriptions/acknowledged",
            json!({ "notifications": {}, "_meta": { "io.modelcontextprotocol/subscriptionId": call.id } }),
        );
        Reaction::Silence
    });
    let client = fake.connect().await;
    let changes = client.listen(SubscriptionFilter::new().tools_list_changed(true)).await.unwrap();
    assert_eq!(
        fake.heads()[1],
        "subscriptions/listen mcp-protocol-version=2026-07-28 mcp-method=subscriptions/listen"
    );
    drop(changes);
}
