use serde_json::json;
use toolwright_core::model::CallToolResult;
use toolwright_server::{Server, Tool};

use crate::wire::Wire;

fn server() -> Server {
    let echo = Tool::new("echo").raw_handler(|_, arguments| async move {
        let text = String::from_utf8_lossy(arguments.as_bytes()).into_owned();
        Ok(CallToolResult::new([toolwright_core::model::ContentBlock::text(text)]))
    });
    Server::builder("demo").version("1.2.3").instructions("be nice").tool(echo).build().unwrap()
}

#[tokio::test]
async fn a_handshake_agrees_on_the_asked_revision_and_says_what_the_server_can_do() {
    let wire = Wire::stdio(&server());
    let answer = wire
        .request("initialize", json!({ "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } }))
        .await;
    assert_eq!(
        answer,
        json!({ "jsonrpc": "2.0", "id": 1, "result": {
            "protocolVersion": "2025-06-18",
            "capabilities": { "logging": {}, "tools": { "listChanged": true } },
            "serverInfo": { "name": "demo", "version": "1.2.3" },
            "instructions": "be nice",
        } })
    );
}

#[tokio::test]
async fn discovery_says_the_same_without_a_handshake() {
    let wire = Wire::stateless(&server());
    let answer = wire.modern("server/discover", json!({})).await;
    assert_eq!(
        answer,
        json!({ "jsonrpc": "2.0", "id": 1, "result": {
            "resultType": "complete",
            "supportedVersions": ["2026-07-28"],
            "capabilities": { "logging": {}, "tools": { "listChanged": true } },
            "instructions": "be nice",
            "ttlMs": 0, "cacheScope": "private",
            "_meta": { "io.modelcontextprotocol/serverInfo": { "name": "demo", "version": "1.2.3" } },
        } })
    );
}

#[tokio::test]
async fn both_eras_live_on_one_pipe() {
    let wire = Wire::session(&server(), "2025-11-25").await;
    let call = json!({ "name": "echo", "arguments": { "a": 1 } });
    let old = wire.request("tools/call", call.clone()).await;
    assert_eq!(
        old,
        json!({ "jsonrpc": "2.0", "id": 1, "result": { "content": [{ "type": "text", "text": "{\"a\":1}" }] } })
    );
    let new = wire.modern("tools/call", call).await;
    assert_eq!(new["result"]["resultType"], "complete");
    assert_eq!(new["result"]["content"][0]["text"], "{\"a\":1}");
}

#[tokio::test]
async fn a_method_of_a_capability_that_is_not_declared_does_not_exist() {
    let wire = Wire::stateless(&server());
    for method in [
        "prompts/list",
        "resources/read",
        "completion/complete",
        "initialize",
        "ping",
        "logging/setLevel",
        "no/such",
    ] {
        let answer = wire.modern(method, json!({})).await;
        assert_eq!(answer["error"]["code"], -32601, "{method}");
    }
}

#[tokio::test]
async fn a_capability_that_was_declared_or_is_expected_stays() {
    use toolwright_server::component::{ComponentKey, Kind};
    let server = server();
    assert!(server.remove(&ComponentKey::new(Kind::Tool, "echo")));
    let wire = Wire::stateless(&server);
    assert_eq!(wire.modern("tools/list", json!({})).await["result"]["tools"], json!([]));

    let expecting = Server::builder("later").expect([Kind::Prompt]).build().unwrap();
    let wire = Wire::stateless(&expecting);
    assert_eq!(wire.modern("prompts/list", json!({})).await["result"]["prompts"], json!([]));
    assert_eq!(wire.modern("tools/list", json!({})).await["error"]["code"], -32601);
}
