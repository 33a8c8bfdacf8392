//! Which methods exist when, what a request has to carry, and what its id is good for.
use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::Notify;
use toolwright_core::{
    era::Revision,
    joint::Outbound,
    model::{GetPromptResult, PromptArgument},
};
use toolwright_server::{Completion, Context, HandlerError, Prompt, Resource, Server, ServerBuilder, Tool};

use crate::{
    each::{Client, LEGACY, MODERN, each, says},
    wire::{Wire, modern},
};

/// One component of each kind, so that every method has something to work on.
fn builder() -> ServerBuilder {
    Server::builder("full")
        .tool(says("hello", "hi"))
        .resource(Resource::new("notes://today").handler(|_: Context| async { "be kind" }))
        .resource(Resource::new("notes://{id}").raw_handler(|_, _| async { Err("never read".into()) }))
        .prompt(
            Prompt::new("review")
                .argument(PromptArgument::new("tone"))
                .raw_handler(|_, _| async { Ok(GetPromptResult::default()) }),
        )
        .completion(Completion::prompt("review", "tone").handler(|_, _, _| async { Ok(vec!["calm".into()]) }))
}

fn server() -> Server {
    builder().build().unwrap()
}

fn hello() -> Value {
    json!({ "name": "hello", "arguments": {} })
}

fn body(outbound: Outbound) -> Value {
    serde_json::from_slice(&outbound.body.unwrap()).unwrap()
}

/// What can be asked, with parameters, and in which revisions.
fn methods() -> Vec<(&'static str, Value, &'static [&'static str])> {
    const ALL: &[&str] = &crate::each::ALL;
    const LEGACY_ONLY: &[&str] = &LEGACY;
    const MODERN_ONLY: &[&str] = &[MODERN];
    const NEVER: &[&str] = &[];
    let prompt = json!({ "type": "ref/prompt", "name": "review" });
    vec![
        (
            "initialize",
            json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } }),
            LEGACY_ONLY,
        ),
        ("server/discover", json!({}), MODERN_ONLY),
        ("ping", json!({}), LEGACY_ONLY),
        ("tools/list", json!({}), ALL),
        ("tools/call", hello(), ALL),
        ("resources/list", json!({}), ALL),
        ("resources/templates/list", json!({}), ALL),
        ("resources/read", json!({ "uri": "notes://today" }), ALL),
        ("resources/subscribe", json!({ "uri": "notes://today" }), LEGACY_ONLY),
        ("resources/unsubscribe", json!({ "uri": "notes://today" }), LEGACY_ONLY),
        ("prompts/list", json!({}), ALL),
        ("prompts/get", json!({ "name": "review" }), ALL),
        ("completion/complete", json!({ "ref": prompt, "argument": { "name": "tone", "value": "" } }), ALL),
        ("logging/setLevel", json!({ "level": "error" }), LEGACY_ONLY),
        ("sampling/createMessage", json!({ "messages": [], "maxTokens": 1 }), NEVER),
        ("roots/list", json!({}), NEVER),
        ("elicitation/create", json!({ "message": "?", "requestedSchema": {} }), NEVER),
        ("tasks/get", json!({ "taskId": "1" }), NEVER),
        ("tasks/result", json!({ "taskId": "1" }), NEVER),
        ("tasks/list", json!({}), NEVER),
        ("tasks/cancel", json!({ "taskId": "1" }), NEVER),
        ("tasks/update", json!({ "taskId": "1" }), NEVER),
        ("skills/list", json!({}), NEVER),
        ("resources/directory/read", json!({ "uri": "notes://today" }), NEVER),
        ("notifications/initialized", json!({}), NEVER),
        ("notifications/cancelled", json!({ "requestId": 9 }), NEVER),
        ("notifications/progress", json!({ "progressToken": 1, "progress": 1 }), NEVER),
        ("Tools/List", json!({}), NEVER),
        ("", json!({}), NEVER),
    ]
}

#[tokio::test]
async fn each_revision_has_its_methods_and_no_others() {
    let server = server();
    for (method, params, revisions) in methods() {
        for client in each(&server).await {
            let answer = client.ask(method, params.clone()).await;
            let exists = revisions.contains(&client.revision);
            assert_eq!(answer["result"].is_object(), exists, "{} {method}: {answer}", client.revision);
            if !exists {
                let (error, status) = client.error(method, params.clone()).await;
                assert_eq!(error["code"], -32601, "{} {method}", client.revision);
                let expected = if client.is_modern() { StatusCode::NOT_FOUND } else { StatusCode::OK };
                assert_eq!(status, expected, "{} {method}", client.revision);
            }
        }
    }
}

#[tokio::test]
async fn listening_is_for_the_stateless_revision_only() {
    // With good parameters it would stay open, so it is asked with bad ones.
    for client in each(&server()).await {
        let (error, _) = client.error("subscriptions/listen", json!({})).await;
        let expected = if client.is_modern() { -32602 } else { -32601 };
        assert_eq!(error["code"], expected, "{}", client.revision);
    }
}

#[tokio::test]
async fn a_stateless_request_must_carry_its_version_and_capabilities() {
    let wire = Wire::stateless(&server());
    let version = json!({ "io.modelcontextprotocol/protocolVersion": MODERN });
    let capabilities = json!({ "io.modelcontextprotocol/clientCapabilities": {} });
    let number = json!({ "io.modelcontextprotocol/protocolVersion": 20260728, "io.modelcontextprotocol/clientCapabilities": {} });
    let nothing = json!({ "io.modelcontextprotocol/protocolVersion": null, "io.modelcontextprotocol/clientCapabilities": {} });
    let list = json!({ "io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": [] });
    for (what, params) in [
        ("no capabilities", json!({ "name": "hello", "_meta": version })),
        ("no version", json!({ "name": "hello", "_meta": capabilities })),
        ("no `_meta`", json!({ "name": "hello" })),
        ("a `_meta` that is null", json!({ "name": "hello", "_meta": null })),
        ("a version that is a number", json!({ "name": "hello", "_meta": number })),
        ("a version that is null", json!({ "name": "hello", "_meta": nothing })),
        ("capabilities that are a list", json!({ "name": "hello", "_meta": list })),
    ] {
        let request = json!({ "jsonrpc": "2.0", "id": "q", "method": "tools/call", "params": params });
        let outbound = wire.raw(request.to_string()).await;
        assert_eq!(outbound.status, StatusCode::BAD_REQUEST, "{what}");
        let answer = body(outbound);
        assert_eq!(answer["error"]["code"], -32602, "{what}: {answer}");
        assert_eq!(answer["id"], "q", "{what}");
    }
    let outbound = wire.raw(r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#).await;
    assert_eq!(outbound.status, StatusCode::BAD_REQUEST);
    assert_eq!(body(outbound)["error"]["code"], -32602);
}

#[tokio::test]
async fn other_malformed_members_of_meta_are_an_error_in_band() {
    let wire = Wire::stateless(&server());
    for member in [
        json!({ "io.modelcontextprotocol/logLevel": "loud" }),
        json!({ "progressToken": [] }),
        json!({ "io.modelcontextprotocol/clientInfo": 7 }),
    ] {
        let outbound =
            wire.raw(modern(1, "tools/list", json!({ "_meta": member }), json!({})).to_string()).await;
        assert_eq!(outbound.status, StatusCode::OK, "{member}");
        assert_eq!(body(outbound)["error"]["code"], -32602, "{member}");
    }
}

#[tokio::test]
async fn nobody_has_to_say_who_they_are() {
    let answer = Wire::stateless(&server()).modern("tools/call", hello()).await;
    assert_eq!(answer["result"]["content"][0]["text"], "hi");
}

#[tokio::test]
async fn a_version_that_is_not_served_is_answered_with_those_that_are() {
    let wire = Wire::stateless(&server());
    for (version, method) in [
        ("2031-01-01", "tools/list"),
        ("2031-01-01", "server/discover"),
        ("2031-01-01", "no/such"),
        ("", "tools/list"),
        ("2025-11-25", "tools/list"),
    ] {
        let meta = json!({ "io.modelcontextprotocol/protocolVersion": version, "io.modelcontextprotocol/clientCapabilities": {} });
        let request = json!({ "jsonrpc": "2.0", "id": 3, "method": method, "params": { "_meta": meta } });
        let outbound = wire.raw(request.to_string()).await;
        assert_eq!(outbound.status, StatusCode::BAD_REQUEST);
        let answer = body(outbound);
        assert_eq!(answer["id"], 3);
        assert_eq!(answer["error"]["code"], -32022, "{version} {method}");
        assert_eq!(answer["error"]["data"], json!({ "supported": [MODERN], "requested": version }));
    }
}

#[tokio::test]
async fn ids_come_back_as_they_were_sent() {
    for client in each(&server()).await {
        for id in [json!(1), json!("1"), json!(0), json!(-7), json!(i64::MAX), json!(""), json!("a \"b\" ü")]
        {
            let answer = client.wire.ask(client.message(id.clone(), "tools/call", hello())).await;
            assert_eq!(answer["id"], id, "{}", client.revision);
            let answer = client.wire.ask(client.message(id.clone(), "no/such", json!({}))).await;
            assert_eq!(answer["id"], id, "{}", client.revision);
        }
        let float = client.message(1, "tools/call", hello()).to_string().replace("\"id\":1,", "\"id\":1.0,");
        assert_eq!(body(client.wire.raw(float).await)["id"], 1);
    }
}

/// A server whose tool `wait` ends when it is told to.
fn gated() -> (Server, Arc<Notify>) {
    let gate = Arc::new(Notify::new());
    let own = Arc::clone(&gate);
    let wait = Tool::new("wait").handler(move |_: Context| {
        let gate = Arc::clone(&own);
        async move {
            gate.notified().await;
            "done"
        }
    });
    (Server::builder("gated").tool(wait).tool(says("hello", "hi")).build().unwrap(), gate)
}

#[tokio::test]
async fn an_id_that_is_in_flight_cannot_be_taken_again_until_its_answer_is_out() {
    let (server, gate) = gated();
    for client in each(&server).await {
        let mut first =
            client.wire.call(client.message(7, "tools/call", json!({ "name": "wait" })).to_string());
        assert!(crate::each::poll_once(&mut first).is_pending());

        let outbound = client.wire.raw(client.message(7, "tools/call", hello()).to_string()).await;
        assert_eq!(outbound.status, StatusCode::BAD_REQUEST);
        let refused = body(outbound);
        assert_eq!(
            (&refused["id"], &refused["error"]["code"]),
            (&json!(7), &json!(-32600)),
            "{}",
            client.revision
        );

        let other = client.wire.ask(client.message("7", "tools/call", hello())).await;
        assert_eq!(other["result"]["content"][0]["text"], "hi", "a string is another id");

        gate.notify_one();
        assert_eq!(body(first.await)["result"]["content"][0]["text"], "done", "the first is not disturbed");

        let again = client.wire.ask(client.message(7, "tools/call", hello())).await;
        assert_eq!(again["result"]["content"][0]["text"], "hi", "the id is free again");
    }
}

#[tokio::test]
async fn the_same_id_on_two_connections_is_two_requests() {
    let (server, gate) = gated();
    let (one, two) = (Client::new(&server, "2025-11-25").await, Client::new(&server, "2025-11-25").await);
    let mut first = one.wire.call(one.message(7, "tools/call", json!({ "name": "wait" })).to_string());
    assert!(crate::each::poll_once(&mut first).is_pending());
    assert_eq!(
        two.wire.ask(two.message(7, "tools/call", hello())).await["result"]["content"][0]["text"],
        "hi"
    );
    gate.notify_one();
    assert_eq!(body(first.await)["id"], 7);
}

#[tokio::test]
async fn before_the_handshake_a_session_can_only_ping() {
    let wire = Wire::stdio(&server());
    assert_eq!(wire.request("ping", json!({})).await["result"], json!({}));
    let outbound = wire.raw(r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#).await;
    assert_eq!(outbound.status, StatusCode::BAD_REQUEST);
    let answer = body(outbound);
    assert_eq!(answer["error"]["code"], -32602);
    let text = answer["error"]["message"].as_str().unwrap();
    assert!(
        text.contains("initialize") && text.contains("io.modelcontextprotocol/protocolVersion"),
        "{text}"
    );
}

async fn shake(wire: &Wire, revision: &str) -> Value {
    let params = json!({ "protocolVersion": revision, "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
    wire.request("initialize", params).await
}

#[tokio::test]
async fn a_second_handshake_negotiates_anew_and_doubles_nothing() {
    let server = server();
    let wire = Wire::stdio(&server);
    assert_eq!(shake(&wire, "2024-11-05").await["result"]["protocolVersion"], "2024-11-05");
    assert_eq!(shake(&wire, "2025-11-25").await["result"]["protocolVersion"], "2025-11-25");
    server.notifier().tools_changed();
    assert_eq!(wire.said.methods(), ["notifications/tools/list_changed"]);
}

#[tokio::test]
async fn a_handshake_for_a_revision_that_nobody_knows_gets_the_newest_with_a_handshake() {
    for asked in ["2031-01-01", "1.0", "", MODERN] {
        let answer = shake(&Wire::stdio(&server()), asked).await;
        assert_eq!(answer["result"]["protocolVersion"], "2025-11-25", "{asked}");
    }
    for asked in LEGACY {
        let answer = shake(&Wire::stdio(&server()), asked).await;
        assert_eq!(answer["result"]["protocolVersion"], asked);
    }
}

#[tokio::test]
async fn a_handshake_without_what_it_needs_fails_and_opens_nothing() {
    let wire = Wire::stdio(&server());
    for params in [
        json!({}),
        json!({ "protocolVersion": 5, "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } }),
        json!({ "protocolVersion": "2025-11-25", "capabilities": {} }),
    ] {
        let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params });
        let outbound = wire.raw(request.to_string()).await;
        assert!(!outbound.opened);
        assert_eq!(body(outbound)["error"]["code"], -32602, "{params}");
    }
    assert_eq!(wire.request("tools/list", json!({})).await["error"]["code"], -32602);
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } } });
    assert!(wire.raw(request.to_string()).await.opened);
}

#[tokio::test]
async fn a_server_of_one_stateless_revision_tells_older_clients_what_it_speaks() {
    let server = builder().protocols([Revision::V2026_07_28]).build().unwrap();
    let wire = Wire::stdio(&server);
    let answer = shake(&wire, "2025-06-18").await;
    assert_eq!(answer["error"]["code"], -32022);
    assert_eq!(answer["error"]["data"], json!({ "supported": [MODERN], "requested": "2025-06-18" }));
    assert!(wire.request("ping", json!({})).await["error"].is_object());
    assert!(wire.modern("tools/list", json!({})).await["result"].is_object());
}

#[tokio::test]
async fn a_server_of_older_revisions_tells_stateless_clients_what_it_speaks() {
    let server = builder().protocols([Revision::V2025_03_26, Revision::V2025_06_18]).build().unwrap();
    let wire = Wire::stdio(&server);
    for method in ["server/discover", "tools/list"] {
        let outbound = wire.raw(modern(1, method, json!({}), json!({})).to_string()).await;
        assert_eq!(outbound.status, StatusCode::BAD_REQUEST);
        let error = &body(outbound)["error"];
        assert_eq!(error["code"], -32022, "{method}");
        assert_eq!(error["data"], json!({ "supported": ["2025-03-26", "2025-06-18"], "requested": MODERN }));
    }
    for asked in ["2024-11-05", "2025-11-25"] {
        assert_eq!(shake(&Wire::stdio(&server), asked).await["result"]["protocolVersion"], "2025-06-18");
    }
    assert_eq!(shake(&Wire::stdio(&server), "2025-03-26").await["result"]["protocolVersion"], "2025-03-26");
}

#[tokio::test]
async fn a_claimed_version_decides_before_the_session() {
    let wire = Wire::session(&server(), "2025-06-18").await;
    for method in ["ping", "initialize", "resources/subscribe"] {
        let outbound = wire.raw(modern(1, method, json!({}), json!({})).to_string()).await;
        assert_eq!(
            (outbound.status, &body(outbound)["error"]["code"]),
            (StatusCode::NOT_FOUND, &json!(-32601))
        );
    }
    assert_eq!(wire.request("ping", json!({})).await["result"], json!({}));
}

#[tokio::test]
async fn notifications_have_no_answer_whatever_they_say() {
    for client in each(&server()).await {
        for (method, params) in [
            ("notifications/initialized", json!({})),
            ("notifications/no_such", json!({})),
            ("notifications/progress", json!({ "progress": "much" })),
            ("notifications/roots/list_changed", json!({})),
            ("tools/call", hello()),
            ("ping", json!({})),
        ] {
            let mut message = client.message(1, method, params);
            message.as_object_mut().unwrap().remove("id");
            client.wire.tell(message).await;
        }
        assert_eq!(client.wire.said.methods(), Vec::<String>::new(), "{}", client.revision);
        assert_eq!(client.text("hello").await, "hi");
    }
}

#[tokio::test]
async fn a_handler_can_change_what_its_own_server_has() {
    let grow = Tool::new("grow").handler(async |server: Server| {
        server.add_tool(Tool::new("grown").handler(async || "here I am"))?;
        Ok::<_, HandlerError>("done")
    });
    let wire = Wire::stateless(&Server::builder("garden").tool(grow).build().unwrap());
    wire.modern("tools/call", json!({ "name": "grow" })).await;
    let answer = wire.modern("tools/call", json!({ "name": "grown" })).await;
    assert_eq!(answer["result"]["content"][0]["text"], "here I am");
}
