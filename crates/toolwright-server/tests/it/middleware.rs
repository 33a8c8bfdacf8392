//! Layers around calls.
use std::{
    future::Future,
    pin::Pin,
    task::{Context as TaskContext, Poll},
};

use serde_json::{Value, json};
use toolwright_core::{
    Raw,
    jsonrpc::RpcError,
    model::{CallToolResult, ContentBlock, GetPromptResult, ReadResourceResult},
};
use toolwright_server::{
    Call, Context, HandlerError, Prompt, Reply, Resource, Server, ServerResult, Tool,
    component::{ComponentKey, Kind},
    middleware::{Middleware, Next, TowerLayer, TowerService},
};
use tower_layer::Layer;
use tower_service::Service;

use crate::each::{Client, Diary, MODERN, each, says};

/// Notes what passes on the way in and out.
struct Watch(&'static str, Diary);

impl Middleware for Watch {
    async fn handle(&self, call: Call, next: Next) -> Reply {
        let method = call.method().as_str().to_owned();
        self.1.note(format!("{} > {method}", self.0));
        let reply = next.run(call).await;
        self.1.note(format!("{} < {method}", self.0));
        reply
    }
}

fn echo() -> Tool {
    Tool::new("echo").raw_handler(|_, arguments| async move {
        Ok(CallToolResult::new([ContentBlock::text(
            String::from_utf8(arguments.as_bytes().to_vec()).unwrap(),
        )]))
    })
}

#[tokio::test]
async fn layers_run_from_the_outermost_in_and_back_out() {
    let diary = Diary::default();
    let server = Server::builder("demo")
        .layer(Watch("outer", diary.clone()))
        .layer(Watch("inner", diary.clone()))
        .tool(says("hello", "hi").layer(Watch("first", diary.clone())).layer(Watch("second", diary.clone())))
        .build()
        .unwrap();
    let client = Client::new(&server, MODERN).await;
    assert_eq!(client.text("hello").await, "hi");
    let way: Vec<_> = diary.read().iter().map(|entry| entry.replace(" tools/call", "")).collect();
    assert_eq!(
        way,
        ["outer >", "inner >", "first >", "second >", "second <", "first <", "inner <", "outer <"]
    );
}

fn entered(diary: &Diary) -> Vec<String> {
    diary.read().iter().filter_map(|entry| entry.strip_prefix("server > ").map(str::to_owned)).collect()
}

#[tokio::test]
async fn each_request_and_notification_passes_once() {
    for revision in crate::each::ALL {
        let diary = Diary::default();
        let server = Server::builder("demo")
            .layer(Watch("server", diary.clone()))
            .tool(says("hello", "hi"))
            .resource(Resource::new("x:/").raw_handler(|_, _| async { Ok(ReadResourceResult::new([])) }))
            .prompt(Prompt::new("review").raw_handler(|_, _| async { Ok(GetPromptResult::default()) }))
            .build()
            .unwrap();
        let client = Client::new(&server, revision).await;
        let handshake: &[&str] =
            if client.is_modern() { &[] } else { &["initialize", "notifications/initialized"] };
        assert_eq!(entered(&diary), handshake, "{revision}");
        let before = entered(&diary).len();
        for (method, params) in [
            ("tools/list", json!({})),
            ("tools/call", json!({ "name": "hello" })),
            ("resources/read", json!({ "uri": "x:/" })),
            ("prompts/get", json!({ "name": "review" })),
        ] {
            client.result(method, params).await;
        }
        client.error("tools/call", json!({ "name": "no_such" })).await;
        client.error("no/such", json!({})).await;
        assert_eq!(
            entered(&diary)[before..],
            ["tools/list", "tools/call", "resources/read", "prompts/get", "tools/call"],
            "{revision}: what no revision knows does not get this far"
        );
    }
}

#[tokio::test]
async fn each_item_of_a_batch_passes_once() {
    let diary = Diary::default();
    let server = Server::builder("demo")
        .layer(Watch("server", diary.clone()))
        .tool(says("hello", "hi"))
        .build()
        .unwrap();
    let client = Client::new(&server, "2025-03-26").await;
    let before = entered(&diary).len();
    let batch = json!([
        { "jsonrpc": "2.0", "id": 1, "method": "ping" },
        { "jsonrpc": "2.0", "method": "notifications/roots/list_changed" },
        { "jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": { "name": "hello" } },
    ]);
    client.wire.raw(batch.to_string()).await;
    let mut methods = entered(&diary).split_off(before);
    methods.sort();
    assert_eq!(methods, ["notifications/roots/list_changed", "ping", "tools/call"]);
}

#[tokio::test]
async fn a_layer_can_answer_itself() {
    let diary = Diary::default();
    let server = Server::builder("demo")
        .layer(|call: Call, next: Next| async move {
            match call.target() {
                Some("denied") => RpcError::new(403, "not today").into(),
                Some("faked") => {
                    let result = CallToolResult::new([ContentBlock::text("fake")]);
                    ServerResult::CallTool(result).into()
                }
                _ => next.run(call).await,
            }
        })
        .layer(Watch("server", diary.clone()))
        .tools([says("denied", "x"), says("faked", "x"), says("hello", "hi")])
        .build()
        .unwrap();
    for client in each(&server).await {
        let before = entered(&diary).len();
        let (error, _) = client.error("tools/call", json!({ "name": "denied" })).await;
        assert_eq!(error, json!({ "code": 403, "message": "not today" }));
        assert_eq!(client.text("faked").await, "fake");
        assert_eq!(entered(&diary).len(), before, "what is inside did not run");
        assert_eq!(client.text("hello").await, "hi");
    }
}

#[tokio::test]
async fn a_layer_can_change_what_is_asked_for() {
    let server = Server::builder("demo")
        .layer(|mut call: Call, next: Next| async move {
            if call.target() == Some("alias") {
                assert_eq!(call.arguments(), Some(r#"{"a":1}"#));
                call.retarget("echo");
                call.replace_arguments(&Raw::from(json!({ "b": 2 })));
            }
            next.run(call).await
        })
        .tool(echo())
        .build()
        .unwrap();
    for client in each(&server).await {
        let params = json!({ "name": "alias", "arguments": { "a": 1 } });
        assert_eq!(client.result("tools/call", params).await["content"][0]["text"], r#"{"b":2}"#);
    }
}

#[tokio::test]
async fn a_layer_gets_lists_typed_and_its_edit_is_what_is_sent() {
    let build = |hides: bool| {
        Server::builder("demo")
            .limits(toolwright_core::joint::Limits::default().page(2))
            .layer(move |call: Call, next: Next| async move {
                let Reply::Result(result) = next.run(call).await else { return RpcError::new(1, "?").into() };
                match result.edit() {
                    ServerResult::ListTools(mut list) if hides => {
                        list.tools.retain(|tool| tool.name != "secret");
                        ServerResult::ListTools(list).into()
                    }
                    other => other.into(),
                }
            })
            .tools([
                says("secret", "x").title("Secret"),
                says("hello", "x").title("Hello"),
                says("last", "x"),
            ])
            .build()
            .unwrap()
    };
    let plain = Server::builder("demo")
        .limits(toolwright_core::joint::Limits::default().page(2))
        .tools([says("secret", "x").title("Secret"), says("hello", "x").title("Hello"), says("last", "x")])
        .build()
        .unwrap();
    for revision in crate::each::ALL {
        let original = Client::new(&plain, revision).await.ask("tools/list", json!({})).await;
        let untouched = Client::new(&build(false), revision).await.ask("tools/list", json!({})).await;
        assert_eq!(untouched, original, "{revision}: labels, shape and cursor are the same without an edit");
        let mut expected = original;
        expected["result"]["tools"].as_array_mut().unwrap().remove(0);
        let edited = Client::new(&build(true), revision).await.ask("tools/list", json!({})).await;
        assert_eq!(edited, expected, "{revision}");
    }
}

#[tokio::test]
async fn a_layer_sees_who_calls_how_and_what_came_of_it() {
    let diary = Diary::default();
    let own = diary.clone();
    let server = Server::builder("demo")
        .layer(move |call: Call, next: Next| {
            let diary = own.clone();
            async move {
                let (revision, round) = (call.context().revision(), call.round());
                let reply = next.run(call).await;
                diary.note(format!("{revision} {round} {}", reply.is_error()));
                reply
            }
        })
        .tool(says("hello", "hi"))
        .tool(Tool::new("fails").raw_handler(|_, _| async { Err("no".into()) }))
        .build()
        .unwrap();
    let client = Client::new(&server, MODERN).await;
    for tool in ["hello", "fails", "no_such"] {
        client.ask("tools/call", json!({ "name": tool })).await;
    }
    assert_eq!(diary.read(), ["2026-07-28 0 false", "2026-07-28 0 true", "2026-07-28 0 true"]);
}

#[tokio::test]
async fn layers_of_a_component_are_its_own() {
    let diary = Diary::default();
    let server = Server::builder("demo")
        .tool(says("watched", "x").layer(Watch("tool", diary.clone())))
        .tool(says("hello", "hi"))
        .resource(Resource::new("x:/{id}").layer(Watch("template", diary.clone())).raw_handler(
            |_, variables| async move {
                assert_eq!(variables.get("id"), Some("7"));
                Ok(ReadResourceResult::new([]))
            },
        ))
        .prompt(
            Prompt::new("review")
                .layer(Watch("prompt", diary.clone()))
                .raw_handler(|_, _| async { Ok(GetPromptResult::default()) }),
        )
        .build()
        .unwrap();
    let client = Client::new(&server, MODERN).await;
    client.text("hello").await;
    client.result("tools/list", json!({})).await;
    assert_eq!(diary.read(), Vec::<String>::new());
    client.text("watched").await;
    client.result("resources/read", json!({ "uri": "x:/7" })).await;
    client.result("prompts/get", json!({ "name": "review" })).await;
    assert_eq!(
        diary.read(),
        [
            "tool > tools/call",
            "tool < tools/call",
            "template > resources/read",
            "template < resources/read",
            "prompt > prompts/get",
            "prompt < prompts/get"
        ]
    );
}

#[tokio::test]
async fn a_call_within_a_call_passes_the_layers_of_its_component_only() {
    let diary = Diary::default();
    let outer = Tool::new("outer").handler(|context: Context| async move {
        context.call_tool("inner", json!({})).await?;
        context.read_resource("x:/").await?;
        context.prompt("review", json!({})).await?;
        Ok::<_, HandlerError>("done")
    });
    let server = Server::builder("demo")
        .layer(Watch("server", diary.clone()))
        .tools([outer, says("inner", "x").layer(Watch("component", diary.clone()))])
        .resource(Resource::new("x:/").raw_handler(|_, _| async { Ok(ReadResourceResult::new([])) }))
        .prompt(Prompt::new("review").raw_handler(|_, _| async { Ok(GetPromptResult::default()) }))
        .build()
        .unwrap();
    let client = Client::new(&server, MODERN).await;
    assert_eq!(client.text("outer").await, "done");
    assert_eq!(
        diary.read(),
        ["server > tools/call", "component > tools/call", "component < tools/call", "server < tools/call"]
    );
    assert!(server.remove(&ComponentKey::new(Kind::Tool, "inner")));
    let failed = client.result("tools/call", json!({ "name": "outer" })).await;
    assert_eq!(
        failed["content"][0]["text"], "unknown tool `inner`",
        "the outer call failed, it was not refused"
    );
    assert_eq!(failed["isError"], true);
}

/// A layer of tower that lets through two calls, then breaks.
#[derive(Clone)]
struct Fuse(Diary);

#[derive(Clone)]
struct Fused {
    inner: TowerService,
    diary: Diary,
}

#[derive(Debug)]
struct Blown;

impl From<Blown> for RpcError {
    fn from(_: Blown) -> Self {
        Self::new(-1, "the fuse is blown")
    }
}

impl Layer<TowerService> for Fuse {
    type Service = Fused;

    fn layer(&self, inner: TowerService) -> Fused {
        Fused { inner, diary: self.0.clone() }
    }
}

impl Service<Call> for Fused {
    type Response = Reply;
    type Error = Blown;
    type Future = Pin<Box<dyn Future<Output = Result<Reply, Blown>> + Send>>;

    fn poll_ready(&mut self, cx: &mut TaskContext<'_>) -> Poll<Result<(), Blown>> {
        if self.diary.read().len() >= 2 {
            return Poll::Ready(Err(Blown));
        }
        self.inner.poll_ready(cx).map_err(|_| Blown)
    }

    fn call(&mut self, call: Call) -> Self::Future {
        self.diary.note(call.method().as_str());
        let reply = self.inner.call(call);
        Box::pin(async move { reply.await.map_err(|_| Blown) })
    }
}

#[tokio::test]
async fn a_layer_of_tower_is_a_layer() {
    let diary = Diary::default();
    let server = Server::builder("demo")
        .layer(TowerLayer::new(Fuse(diary.clone())))
        .tool(says("hello", "hi"))
        .build()
        .unwrap();
    let client = Client::new(&server, MODERN).await;
    assert_eq!(client.text("hello").await, "hi");
    assert_eq!(client.result("tools/list", json!({})).await["tools"][0]["name"], "hello");
    let (error, _) = client.error("tools/call", json!({ "name": "hello" })).await;
    assert_eq!(error, json!({ "code": -1, "message": "the fuse is blown" }));
    assert_eq!(diary.read(), ["tools/call", "tools/list"]);
}

#[tokio::test]
async fn the_handshake_can_be_refused_by_a_layer() {
    let server = Server::builder("demo")
        .layer(|call: Call, next: Next| async move {
            if call.method().as_str() == "initialize" {
                return RpcError::new(503, "closed on Sundays").into();
            }
            next.run(call).await
        })
        .tool(says("hello", "hi"))
        .build()
        .unwrap();
    let wire = crate::wire::Wire::stdio(&server);
    let hello = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {
        "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } } });
    let outbound = wire.raw(hello.to_string()).await;
    assert!(!outbound.opened);
    let answer: Value = serde_json::from_slice(&outbound.body.unwrap()).unwrap();
    assert_eq!(answer["error"], json!({ "code": 503, "message": "closed on Sundays" }));
    assert!(wire.request("tools/list", json!({})).await["error"].is_object());
}
