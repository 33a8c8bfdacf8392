//! A real server behind the transport.
use std::{future::pending, sync::Arc};

use http::{HeaderValue, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;
use toolwright_core::headers::{MCP_METHOD, MCP_NAME, MCP_PROTOCOL_VERSION};
use toolwright_http::ServeHttp;
use toolwright_server::{Context, HandlerError, Server, Tool, extract::Cancel, question::Elicited};

use crate::wire::{Reply, Wire, in_session, post, request};

fn server(given_up: &Arc<watch::Sender<usize>>) -> Server {
    let given_up = Arc::clone(given_up);
    let hello = Tool::new("hello").handler(|_: Context| async { "hi" });
    let work = Tool::new("work").handler(|context: Context| async move {
        context.progress(1, 2);
        tokio::task::yield_now().await;
        context.progress(2, 2);
        "done"
    });
    let ask = Tool::new("ask").handler(|context: Context| async move {
        Ok::<_, HandlerError>(match context.elicit::<bool>("Really?").await? {
            Elicited::Accepted(answer) => format!("answered {answer}"),
            other => format!("{other:?}"),
        })
    });
    let hang = Tool::new("hang").handler(move |cancel: Cancel, context: Context| {
        let given_up = Arc::clone(&given_up);
        async move {
            tokio::spawn(async move {
                cancel.cancelled().await;
                given_up.send_modify(|count| *count += 1);
            });
            context.progress(1, 2);
            pending::<String>().await
        }
    });
    Server::builder("demo").tools([hello, work, ask, hang]).build().unwrap()
}

fn wire(given_up: &Arc<watch::Sender<usize>>) -> Wire {
    Wire::serving(server(given_up).http())
}

fn tool(name: &str) -> Value {
    request("tools/call", json!({ "name": name, "_meta": { "progressToken": 7 } }))
}

/// A call of a tool as a modern client sends it.
async fn modern(wire: &Wire, name: &str) -> Reply {
    let mut message = tool(name);
    let meta = &mut message["params"]["_meta"];
    meta["io.modelcontextprotocol/protocolVersion"] = "2026-07-28".into();
    meta["io.modelcontextprotocol/clientCapabilities"] = json!({});
    let mut request = post(message);
    let headers = request.headers_mut();
    headers.insert(MCP_PROTOCOL_VERSION, HeaderValue::from_static("2026-07-28"));
    headers.insert(MCP_METHOD, HeaderValue::from_static("tools/call"));
    headers.insert(MCP_NAME, name.parse().unwrap());
    wire.send(request).await
}

async fn session(wire: &Wire) -> String {
    let params = json!({
        "protocolVersion": "2025-06-18",
        "capabilities": { "elicitation": {} },
        "clientInfo": { "name": "test", "version": "1" },
    });
    let reply = wire.post(request("initialize", params)).await;
    assert_eq!(reply.status(), StatusCode::OK);
    let session = reply.header("mcp-session-id").unwrap();
    let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    let reply = wire.send(in_session(&session, initialized)).await;
    assert_eq!(reply.status(), StatusCode::ACCEPTED);
    session
}

#[tokio::test]
async fn a_call_is_answered_with_or_without_a_session_and_in_either_era() {
    let wire = wire(&Arc::default());
    let session = session(&wire).await;
    let replies = [
        modern(&wire, "hello").await,
        wire.post(tool("hello")).await,
        wire.send(in_session(&session, tool("hello"))).await,
    ];
    for reply in replies {
        assert_eq!(reply.result().await["content"][0]["text"], "hi");
    }
}

#[tokio::test]
async fn progress_and_the_answer_are_one_stream_in_either_era() {
    let wire = wire(&Arc::default());
    let session = session(&wire).await;
    let replies = [
        modern(&wire, "work").await,
        wire.post(tool("work")).await,
        wire.send(in_session(&session, tool("work"))).await,
    ];
    for reply in replies {
        let events = reply.events().await;
        let progress: Vec<_> =
            events.iter().filter_map(|event| event["params"]["progress"].as_u64()).collect();
        assert_eq!(progress, [1, 2]);
        assert_eq!(events[2]["result"]["content"][0]["text"], "done");
    }
}

#[tokio::test]
async fn a_question_is_asked_on_the_stream_of_its_call_and_answered_by_a_post() {
    let wire = wire(&Arc::default());
    let session = session(&wire).await;
    let mut asking = wire.send(in_session(&session, tool("ask"))).await;
    let question = asking.event().await.unwrap();
    assert_eq!(question["method"], "elicitation/create");
    let answer = json!({
        "jsonrpc": "2.0", "id": question["id"], "result": { "action": "accept", "content": { "value": true } }
    });
    assert_eq!(wire.send(in_session(&session, answer)).await.status(), StatusCode::ACCEPTED);
    assert_eq!(asking.event().await.unwrap()["result"]["content"][0]["text"], "answered true");
    assert_eq!(asking.next().await, None);
}

#[tokio::test]
async fn going_away_fires_the_token_of_a_stateless_call_only() {
    let given_up = Arc::default();
    let wire = wire(&given_up);
    let session = session(&wire).await;
    let mut stays = wire.send(in_session(&session, tool("hang"))).await;
    let mut goes = modern(&wire, "hang").await;
    stays.event().await.unwrap();
    goes.event().await.unwrap();
    drop((stays, goes));
    given_up.subscribe().wait_for(|count| *count == 1).await.unwrap();
    let cancelled =
        json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 1 } });
    wire.send(in_session(&session, cancelled)).await;
    given_up.subscribe().wait_for(|count| *count == 2).await.unwrap();
}

#[tokio::test]
async fn a_modern_request_without_its_headers_is_a_bad_one() {
    let mut message = tool("hello");
    message["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"] = "2026-07-28".into();
    message["params"]["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({});
    let reply = wire(&Arc::default()).post(message).await;
    assert_eq!(reply.status(), StatusCode::BAD_REQUEST);
    assert_eq!(reply.json().await["error"]["code"], -32020);
}
