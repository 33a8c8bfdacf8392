//! A handler that panics costs its own call and nothing else.
use std::future::Ready;

use http::StatusCode;
use serde_json::{Value, json};
use toolwright_core::model::{CallToolResult, GetPromptResult, PromptArgument, ReadResourceResult};
use toolwright_server::{
    Call, Completion, Context, HandlerError, Prompt, Reply, Resource, Server, Tool, middleware::Next,
};

use crate::each::{Client, Diary, Farewell, MODERN, each, says};

fn sync_panic() -> Tool {
    Tool::new("sync").raw_handler(|_, _| -> Ready<Result<CallToolResult, HandlerError>> {
        panic!("secret: before the first await")
    })
}

fn late_panic() -> Tool {
    Tool::new("late").raw_handler(|_, _| async {
        tokio::task::yield_now().await;
        panic!("secret: after an await")
    })
}

fn server() -> Server {
    let outer = Tool::new("outer").handler(|context: Context| async move {
        context.call_tool("late", json!({})).await?;
        Ok::<_, HandlerError>("never")
    });
    Server::builder("demo")
        .tools([sync_panic(), late_panic(), outer, says("hello", "hi")])
        .resource(
            Resource::new("x:/sync")
                .raw_handler(|_, _| -> Ready<Result<ReadResourceResult, HandlerError>> { panic!("secret") }),
        )
        .prompt(
            Prompt::new("sync")
                .argument(PromptArgument::new("a"))
                .raw_handler(|_, _| -> Ready<Result<GetPromptResult, HandlerError>> { panic!("secret") }),
        )
        .completion(
            Completion::prompt("sync", "a")
                .handler(|_, _, _| -> Ready<Result<Vec<String>, HandlerError>> { panic!("secret") }),
        )
        .build()
        .unwrap()
}

fn internal() -> Value {
    json!({ "code": -32603, "message": "internal error" })
}

#[tokio::test]
async fn a_panic_is_one_internal_error_without_its_text() {
    let reference =
        json!({ "ref": { "type": "ref/prompt", "name": "sync" }, "argument": { "name": "a", "value": "" } });
    for client in each(&server()).await {
        for (method, params) in [
            ("tools/call", json!({ "name": "sync" })),
            ("tools/call", json!({ "name": "late" })),
            ("tools/call", json!({ "name": "outer" })),
            ("resources/read", json!({ "uri": "x:/sync" })),
            ("prompts/get", json!({ "name": "sync" })),
            ("completion/complete", reference.clone()),
        ] {
            let (error, status) = client.error(method, params.clone()).await;
            assert_eq!(error, internal(), "{} {method} {params}", client.revision);
            assert_eq!(status, StatusCode::OK);
        }
        assert_eq!(client.text("hello").await, "hi", "the server goes on, and the id is free");
        assert_eq!(client.wire.said.methods(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn a_panic_in_a_batch_leaves_the_other_answers_alone() {
    let client = Client::new(&server(), "2025-03-26").await;
    let call = |id: i64, tool: &str| client.message(id, "tools/call", json!({ "name": tool }));
    let batch = json!([call(1, "sync"), call(2, "hello"), call(3, "late"), call(4, "hello")]);
    let outbound = client.wire.raw(batch.to_string()).await;
    let answers: Value = serde_json::from_slice(&outbound.body.unwrap()).unwrap();
    assert_eq!((&answers[0]["error"], &answers[2]["error"]), (&internal(), &internal()));
    assert_eq!(answers[1]["result"]["content"][0]["text"], "hi");
    assert_eq!(answers[3]["result"]["content"][0]["text"], "hi");
}

#[tokio::test]
async fn layers_and_access_rules_may_panic_too() {
    let server = Server::builder("demo")
        .layer(|call: Call, next: Next| async move {
            assert_ne!(call.target(), Some("layer"), "secret");
            next.run(call).await
        })
        .tool(says("layer", "x"))
        .tool(says("rule", "x").access(|_: Option<&_>| -> bool { panic!("secret") }))
        .tool(says("own", "x").layer(|_: Call, _: Next| -> Ready<Reply> { panic!("secret") }))
        .tool(says("hello", "hi"))
        .build()
        .unwrap();
    for client in each(&server).await {
        for tool in ["layer", "rule", "own"] {
            assert_eq!(client.error("tools/call", json!({ "name": tool })).await.0, internal(), "{tool}");
        }
        assert_eq!(client.text("hello").await, "hi");
    }
}

#[tokio::test]
async fn a_panic_drops_what_the_handler_held() {
    let diary = Diary::default();
    let own = diary.clone();
    let tool = Tool::new("held").raw_handler(move |_, _| {
        let farewell = Farewell(own.clone(), "dropped");
        async move {
            let _farewell = farewell;
            tokio::task::yield_now().await;
            panic!("secret")
        }
    });
    let server = Server::builder("demo").tool(tool).build().unwrap();
    Client::new(&server, MODERN).await.error("tools/call", json!({ "name": "held" })).await;
    assert_eq!(diary.read(), ["dropped"]);
}

#[tokio::test]
async fn a_panic_over_a_notification_is_nobodys_business() {
    let server = Server::builder("demo")
        .layer(|call: Call, next: Next| async move {
            assert!(!call.is_notification(), "secret");
            next.run(call).await
        })
        .tool(says("hello", "hi"))
        .build()
        .unwrap();
    let client = Client::new(&server, "2025-06-18").await;
    client.wire.tell(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
    assert_eq!(client.text("hello").await, "hi");
}
