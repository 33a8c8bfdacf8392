//! How long a call may take.
use std::{future::pending, time::Duration};

use serde_json::{Value, json};
use tokio::time::Instant;
use toolwright_core::{
    joint::Limits,
    model::{GetPromptResult, PromptArgument},
};
use toolwright_server::{
    Call, Completion, Context, HandlerError, Prompt, Resource, Server, ServerBuilder, Tool, middleware::Next,
};

use crate::{
    each::{Client, Diary, Farewell, MODERN, each, says},
    wire::Wire,
};

const SERVER: Duration = Duration::from_secs(60);

fn builder() -> ServerBuilder {
    Server::builder("demo").limits(Limits::default().request_timeout(SERVER))
}

fn hangs(name: &str) -> Tool {
    Tool::new(name).handler(|_: Context| pending::<String>())
}

/// The answer, and after how many seconds it came.
async fn timed(client: &Client, method: &str, params: Value) -> (Value, u64) {
    let start = Instant::now();
    let answer = client.ask(method, params).await;
    (answer, start.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn a_tool_that_takes_too_long_fails_in_words() {
    let diary = Diary::default();
    let own = diary.clone();
    let slow = Tool::new("slow").handler(move |_: Context| {
        let farewell = Farewell(own.clone(), "dropped");
        async move {
            let _farewell = farewell;
            pending::<String>().await
        }
    });
    let server = builder().tools([slow, says("hello", "hi")]).build().unwrap();
    for client in each(&server).await {
        let before = diary.read().len();
        let (answer, seconds) = timed(&client, "tools/call", json!({ "name": "slow" })).await;
        assert_eq!(answer["result"]["isError"], true, "{}", client.revision);
        assert_eq!(
            answer["result"]["content"],
            json!([{ "type": "text", "text": "`slow` took longer than 60s" }])
        );
        assert_eq!(seconds, 60);
        assert_eq!(diary.read().len(), before + 1, "the handler is dropped");
        assert_eq!(client.text("hello").await, "hi", "the id is free again");
    }
}

#[tokio::test(start_paused = true)]
async fn everything_else_that_takes_too_long_is_an_internal_error() {
    let server = builder()
        .resource(Resource::new("x:/slow").raw_handler(|_, _| pending()))
        .prompt(Prompt::new("slow").raw_handler(|_, _| pending()))
        .prompt(
            Prompt::new("typed")
                .argument(PromptArgument::new("city"))
                .raw_handler(|_, _| async { Ok(GetPromptResult::default()) }),
        )
        .completion(Completion::prompt("typed", "city").handler(|_, _, _| pending()))
        .build()
        .unwrap();
    let reference = json!({ "ref": { "type": "ref/prompt", "name": "typed" }, "argument": { "name": "city", "value": "" } });
    for client in each(&server).await {
        for (method, params, what) in [
            ("resources/read", json!({ "uri": "x:/slow" }), "x:/slow"),
            ("prompts/get", json!({ "name": "slow" }), "slow"),
            ("completion/complete", reference.clone(), "completion/complete"),
        ] {
            let (answer, seconds) = timed(&client, method, params).await;
            let expected = json!({ "code": -32603, "message": format!("`{what}` took longer than 60s") });
            assert_eq!((&answer["error"], seconds), (&expected, 60), "{}", client.revision);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_timeout_of_a_component_beats_that_of_the_server() {
    let server = builder()
        .tool(hangs("shorter").timeout(Duration::from_millis(2500)))
        .tool(hangs("longer").timeout(Duration::from_secs(90)))
        .resource(Resource::new("x:/short").timeout(Duration::from_secs(1)).raw_handler(|_, _| pending()))
        .build()
        .unwrap();
    let client = Client::new(&server, MODERN).await;
    let (answer, seconds) = timed(&client, "tools/call", json!({ "name": "shorter" })).await;
    assert_eq!(
        (&answer["result"]["content"][0]["text"], seconds),
        (&json!("`shorter` took longer than 2.5s"), 2)
    );
    let (answer, seconds) = timed(&client, "tools/call", json!({ "name": "longer" })).await;
    assert_eq!(
        (&answer["result"]["content"][0]["text"], seconds),
        (&json!("`longer` took longer than 90s"), 90)
    );
    let (answer, seconds) = timed(&client, "resources/read", json!({ "uri": "x:/short" })).await;
    assert_eq!((&answer["error"]["code"], seconds), (&json!(-32603), 1));
}

#[tokio::test(start_paused = true)]
async fn a_component_that_is_found_late_still_gets_its_own_timeout() {
    let server = builder()
        .layer(|call: Call, next: Next| async move {
            tokio::time::sleep(Duration::from_secs(2)).await;
            next.run(call).await
        })
        .tool(hangs("shorter").timeout(Duration::from_secs(10)))
        .build()
        .unwrap();
    let client = Client::new(&server, MODERN).await;
    let (answer, seconds) = timed(&client, "tools/call", json!({ "name": "shorter" })).await;
    assert_eq!(answer["result"]["isError"], true);
    assert!((10..=12).contains(&seconds), "{seconds}");
}

#[tokio::test(start_paused = true)]
async fn a_call_within_a_call_has_the_timeout_of_its_component() {
    let outer = Tool::new("outer").handler(|context: Context| async move {
        let inner = context.call_tool("inner", json!({})).await?;
        Ok::<_, HandlerError>(format!("inner said: {}", inner.content[0].as_text().unwrap()))
    });
    let server = builder().tools([outer, hangs("inner").timeout(Duration::from_secs(5))]).build().unwrap();
    let client = Client::new(&server, MODERN).await;
    let (answer, seconds) = timed(&client, "tools/call", json!({ "name": "outer" })).await;
    assert_eq!(answer["result"]["content"][0]["text"], "inner said: `inner` took longer than 5s");
    assert_eq!(seconds, 5);
}

/// Asks, then works for another 59 seconds.
fn asks(name: &str) -> Tool {
    Tool::new(name).handler(|context: Context| async move {
        let consent = context.confirm("Really?").await?;
        tokio::time::sleep(SERVER - Duration::from_secs(1)).await;
        Ok::<_, HandlerError>(consent.to_string())
    })
}

async fn answered_after_an_hour(server: &Server, tool: &str) -> Value {
    let wire = Wire::session_with(server, "2025-11-25", json!({ "elicitation": {} })).await;
    let client = Client { revision: "2025-11-25", wire };
    let running = client.start(7, tool);
    let question = client.wire.said.at_least(1).await.remove(0);
    tokio::time::sleep(Duration::from_secs(3600)).await;
    let answer = json!({ "action": "accept", "content": { "value": true } });
    client.wire.tell(json!({ "jsonrpc": "2.0", "id": question["id"], "result": answer })).await;
    running.await.unwrap().unwrap()
}

#[tokio::test(start_paused = true)]
async fn the_clock_stands_still_while_a_question_is_open() {
    let server = builder().tool(asks("ask")).build().unwrap();
    let answer = answered_after_an_hour(&server, "ask").await;
    assert_eq!(answer["result"]["content"][0]["text"], "true", "{answer}");
}

#[tokio::test(start_paused = true)]
async fn the_clock_of_the_outer_call_stands_still_as_well() {
    let outer = Tool::new("outer").handler(|context: Context| async move {
        Ok::<_, HandlerError>(
            context.call_tool("ask", json!({})).await?.content[0].as_text().unwrap().to_owned(),
        )
    });
    let server = builder().tools([asks("ask"), outer]).build().unwrap();
    let answer = answered_after_an_hour(&server, "outer").await;
    assert_eq!(answer["result"]["content"][0]["text"], "true", "{answer}");
}

#[tokio::test(start_paused = true)]
async fn the_time_before_and_after_a_question_counts_together() {
    let slow = Tool::new("slow").handler(|context: Context| async move {
        tokio::time::sleep(Duration::from_secs(40)).await;
        context.confirm("Really?").await?;
        tokio::time::sleep(Duration::from_secs(40)).await;
        Ok::<_, HandlerError>("done")
    });
    let server = builder().tool(slow).build().unwrap();
    let answer = answered_after_an_hour(&server, "slow").await;
    assert_eq!(answer["result"]["content"][0]["text"], "`slow` took longer than 60s");
}

#[tokio::test(start_paused = true)]
async fn what_never_waits_never_times_out() {
    let server = Server::builder("demo")
        .limits(Limits::default().request_timeout(Duration::ZERO))
        .tool(says("hello", "hi"))
        .build()
        .unwrap();
    assert_eq!(Client::new(&server, MODERN).await.text("hello").await, "hi");
}

#[tokio::test(start_paused = true)]
async fn listening_has_no_time_limit() {
    let server = builder().tool(says("hello", "hi")).build().unwrap();
    let client = Client::new(&server, MODERN).await;
    let message =
        client.message(7, "subscriptions/listen", json!({ "notifications": { "toolsListChanged": true } }));
    let listening = tokio::spawn(client.wire.call(message.to_string()));
    client.wire.said.at_least(1).await;
    tokio::time::sleep(SERVER * 100).await;
    server.notifier().tools_changed();
    assert_eq!(client.wire.said.at_least(2).await[1]["method"], "notifications/tools/list_changed");
    assert!(!listening.is_finished());
    listening.abort();
}
