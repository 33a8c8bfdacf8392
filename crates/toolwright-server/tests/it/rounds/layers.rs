use std::sync::{Arc, Mutex};

use serde_json::json;
use toolwright_server::{Call, Context, HandlerError, Reply, Server, ServerResult, Tool, middleware::Next};

use super::{Caller, keys, text, yes};

fn ask() -> Tool {
    Tool::new("ask").handler(async |context: Context| {
        Ok::<_, HandlerError>(context.confirm("Sure?").key("handler").await?.to_string())
    })
}

#[tokio::test]
async fn layers_run_in_every_round_and_see_the_questions() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let seeing = Arc::clone(&seen);
    let layer = move |call: Call, next: Next| {
        let seen = Arc::clone(&seeing);
        async move {
            let round = call.round();
            let reply = next.run(call).await;
            let asks = matches!(&reply, Reply::Result(ServerResult::InputRequired(_)));
            seen.lock().unwrap().push((round, asks));
            reply
        }
    };
    let server = Server::builder("theatre").tool(ask()).layer(layer).build().unwrap();
    let caller = Caller::tool(&server, "ask");
    let asked = caller.start().await;
    assert_eq!(text(&caller.again(&asked, json!({ "handler": yes(true) })).await), "true");
    assert_eq!(*seen.lock().unwrap(), [(0, true), (1, false)]);
}

#[tokio::test]
async fn layers_of_a_server_and_of_a_tool_may_ask_before_and_after() {
    let layer = |before: &'static str, after: &'static str| {
        move |call: Call, next: Next| async move {
            let context = call.context().clone();
            let ask = async |key: &'static str| match context.confirm(key).key(key).await {
                Ok(_) => None,
                Err(error) => Some(toolwright_core::jsonrpc::RpcError::invalid_params(error.to_string())),
            };
            if let Some(error) = ask(before).await {
                return error.into();
            }
            let reply = next.run(call).await;
            if matches!(&reply, Reply::Result(ServerResult::InputRequired(_))) {
                return reply;
            }
            ask(after).await.map_or(reply, Into::into)
        }
    };
    let server = Server::builder("theatre")
        .tool(ask().layer(layer("inner before", "inner after")))
        .layer(layer("outer before", "outer after"))
        .build()
        .unwrap();
    let caller = Caller::tool(&server, "ask");
    let mut reply = caller.start().await;
    for key in ["outer before", "inner before", "handler", "inner after", "outer after"] {
        assert_eq!(keys(&reply), [key]);
        reply = caller.again(&reply, json!({ key: yes(true) })).await;
    }
    assert_eq!(text(&reply), "true");
}

#[tokio::test]
async fn a_handler_in_a_task_that_a_layer_spawned_can_ask() {
    let layer = async |call: Call, next: Next| tokio::spawn(next.run(call)).await.unwrap();
    let server = Server::builder("theatre").tool(ask()).layer(layer).build().unwrap();
    let caller = Caller::tool(&server, "ask");
    let asked = caller.start().await;
    assert_eq!(text(&caller.again(&asked, json!({ "handler": yes(false) })).await), "false");
}

#[tokio::test]
async fn layers_that_change_arguments_do_not_change_what_a_state_belongs_to() {
    let layer = async |mut call: Call, next: Next| {
        call.replace_arguments(&toolwright_core::Raw::from(json!({})));
        next.run(call).await
    };
    let server = Server::builder("theatre").tool(ask()).layer(layer).build().unwrap();
    let params = json!({ "name": "ask", "arguments": { "secret": 1 } });
    let caller = Caller::new(&server, "tools/call", params);
    let asked = caller.start().await;
    assert_eq!(text(&caller.again(&asked, json!({ "handler": yes(true) })).await), "true");
}
