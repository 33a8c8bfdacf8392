use serde_json::{Value, json};
use toolwright_core::model::{CallToolResult, ContentBlock};
use toolwright_server::{Server, Tool, question::Elicited};

use crate::wire::{Wire, modern};

/// Asks for consent, then says what came of it.
fn server() -> Server {
    let buy = Tool::new("buy").raw_handler(|context, _| async move {
        let consent = match context.elicit::<bool>("Really?").await? {
            Elicited::Accepted(consent) => format!("answered {consent}"),
            other => format!("{other:?}"),
        };
        Ok(CallToolResult::new([ContentBlock::text(consent)]))
    });
    Server::builder("shop").tool(buy).build().unwrap()
}

fn call() -> Value {
    json!({ "name": "buy", "arguments": {} })
}

#[tokio::test]
async fn a_session_is_asked_by_a_request_and_its_answer_reaches_the_handler() {
    let wire = Wire::session_with(&server(), "2025-11-25", json!({ "elicitation": { "form": {} } })).await;
    let running = tokio::spawn(
        wire.call(json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": call() }).to_string()),
    );
    let question = wire.said.at_least(1).await.remove(0);
    assert_eq!(question["method"], "elicitation/create");
    assert_eq!(question["params"]["message"], "Really?");
    wire.tell(json!({ "jsonrpc": "2.0", "id": question["id"], "result": { "action": "accept", "content": { "value": true } } })).await;
    let answer: Value = serde_json::from_slice(&running.await.unwrap().body.unwrap()).unwrap();
    assert_eq!(answer["result"]["content"][0]["text"], "answered true");
}

#[tokio::test]
async fn a_client_that_cannot_answer_is_not_asked() {
    let wire = Wire::session(&server(), "2025-11-25").await;
    let answer = wire.request("tools/call", call()).await;
    assert_eq!(answer["result"]["isError"], true);
    assert_eq!(wire.said.methods(), Vec::<String>::new());

    let wire = Wire::stateless(&server());
    let answer = wire.modern("tools/call", call()).await;
    assert_eq!(answer["error"]["code"], -32021);
    assert_eq!(answer["error"]["data"], json!({ "requiredCapabilities": { "elicitation": { "form": {} } } }));
}

#[tokio::test]
async fn until_rounds_exist_a_stateless_client_that_could_answer_gets_a_readable_failure() {
    let wire = Wire::stateless(&server());
    let answer = wire.ask(modern(1, "tools/call", call(), json!({ "elicitation": {} }))).await;
    assert_eq!(answer["result"]["isError"], true, "{answer}");
}
