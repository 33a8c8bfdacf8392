use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::sync::Notify;
use toolwright_core::{
    Raw,
    model::{CallToolResult, ContentBlock},
};
use toolwright_server::{
    CallRecord, Context, Reply, Server, ServerResult, Tool,
    question::{Asker, Elicited, Question, QuestionError},
};

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

/// Writes down what is asked and never answers.
#[derive(Clone, Default)]
struct Suspend(Arc<Mutex<Option<(String, CallRecord)>>>, Arc<Notify>);

impl Asker for Suspend {
    async fn ask(&self, context: &Context, question: Question) -> Result<Raw, QuestionError> {
        *self.0.lock().unwrap() = Some((question.key, context.record().expect("a tool serves this call")));
        self.1.notify_one();
        std::future::pending().await
    }
}

/// Refuses to ask anything.
struct Silent;

impl Asker for Silent {
    async fn ask(&self, _: &Context, question: Question) -> Result<Raw, QuestionError> {
        panic!("`{}` was to be answered from the journal", question.key)
    }
}

#[tokio::test]
async fn a_suspended_call_finishes_in_another_server_from_its_record() {
    for revision in ["2025-11-25", "2026-07-28"] {
        let suspend = Suspend::default();
        let first = server().asking(suspend.clone());
        let capabilities = json!({ "elicitation": {} });
        let (wire, request) = if revision == "2026-07-28" {
            (Wire::stateless(&first), modern(1, "tools/call", call(), capabilities))
        } else {
            let wire = Wire::session_with(&first, revision, capabilities).await;
            (wire, json!({ "jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call() }))
        };
        let running = tokio::spawn(wire.call(request.to_string()));
        suspend.1.notified().await;
        running.abort();
        let (key, record) = suspend.0.lock().unwrap().take().unwrap();
        let stored = serde_json::to_string(&record).unwrap();

        let record: CallRecord = serde_json::from_str(&stored).unwrap();
        let answer = Raw::from(json!({ "action": "accept", "content": { "value": false } }));
        let reply = server().resume(record.answer(key, answer), Silent).await;
        let Reply::Result(ServerResult::CallTool(result)) = reply else { panic!("{revision}: {reply:?}") };
        assert_eq!(result.content[0].as_text(), Some("answered false"), "{revision}");
    }
}

#[tokio::test]
async fn a_question_fails_once_nothing_more_is_heard_from_the_client() {
    let wire = Wire::session_with(&server(), "2025-11-25", json!({ "elicitation": {} })).await;
    let request = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": call() }).to_string();
    let running = tokio::spawn(wire.call(request));
    wire.said.at_least(1).await;
    wire.end_of_input();
    let answer: Value = serde_json::from_slice(&running.await.unwrap().body.unwrap()).unwrap();
    assert_eq!(answer["result"]["content"][0]["text"], "the client is gone");
}

#[tokio::test]
async fn a_call_that_is_given_up_while_it_waits_for_an_answer_is_not_answered() {
    let wire = Wire::session_with(&server(), "2025-11-25", json!({ "elicitation": {} })).await;
    let request = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": call() }).to_string();
    let running = tokio::spawn(wire.call(request));
    wire.said.at_least(1).await;
    wire.tell(json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 7 } }))
        .await;
    assert_eq!(running.await.unwrap().body, None);
}

/// Writes down the keys of all questions, and refuses to answer.
#[derive(Clone, Default)]
struct Keys(Arc<Mutex<Vec<String>>>);

impl Asker for Keys {
    async fn ask(&self, _: &Context, question: Question) -> Result<Raw, QuestionError> {
        self.0.lock().unwrap().push(question.key);
        Err(QuestionError::Closed)
    }
}

#[tokio::test]
async fn every_kind_of_question_can_have_a_key_of_its_own() {
    let ask = Tool::new("ask").handler(async |context: Context| {
        let _ = context.elicit::<bool>("Really?").key("typed").await;
        let _ =
            context.elicit_form("Really?", json!({ "type": "object", "properties": {} })).key("form").await;
        let _ = context.confirm("Really?").key("consent").await;
        let _ = context.sample("Really?").key("sample").await;
        let _ = context.roots().key("roots").await;
    });
    let keys = Keys::default();
    let server = Server::builder("curious").tool(ask).build().unwrap().asking(keys.clone());
    let capabilities = json!({ "elicitation": {}, "sampling": {}, "roots": {} });
    Wire::stateless(&server).ask(modern(1, "tools/call", json!({ "name": "ask" }), capabilities)).await;
    assert_eq!(*keys.0.lock().unwrap(), ["typed", "form", "consent", "sample", "roots"]);
}

/// Names the client's folders.
fn folders() -> Server {
    let list = Tool::new("list").handler(async |context: Context| {
        let roots = context.roots().await?;
        Ok::<_, toolwright_server::HandlerError>(roots.into_iter().map(|root| root.uri).collect::<Vec<_>>())
    });
    Server::builder("folders").tool(list).build().unwrap()
}

/// Calls `list`, and answers what is asked meanwhile, if anything, with these roots.
async fn list(wire: &Wire, asked_before: usize, uris: &[&str]) -> Value {
    let request = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": { "name": "list" } });
    let mut running = tokio::spawn(wire.call(request.to_string()));
    let outbound = tokio::select! {
        done = &mut running => done.unwrap(),
        said = wire.said.at_least(asked_before + 1) => {
            let roots: Vec<_> = uris.iter().map(|uri| json!({ "uri": uri })).collect();
            let id = said.last().unwrap()["id"].clone();
            wire.tell(json!({ "jsonrpc": "2.0", "id": id, "result": { "roots": roots } })).await;
            running.await.unwrap()
        }
    };
    let answer: Value = serde_json::from_slice(&outbound.body.unwrap()).unwrap();
    answer["result"]["structuredContent"]["result"].clone()
}

#[tokio::test]
async fn roots_are_folders_and_asked_for_again_when_they_changed() {
    let wire =
        Wire::session_with(&folders(), "2025-11-25", json!({ "roots": { "listChanged": true } })).await;
    let found = list(&wire, 0, &["file:///a", "https://a.example", "vscode-vfs://b/c"]).await;
    assert_eq!(found, json!(["file:///a"]));
    assert_eq!(list(&wire, 1, &[]).await, json!(["file:///a"]));
    assert_eq!(wire.said.methods(), ["roots/list"]);
    wire.tell(json!({ "jsonrpc": "2.0", "method": "notifications/roots/list_changed" })).await;
    assert_eq!(list(&wire, 1, &["file:///b"]).await, json!(["file:///b"]));
}

#[tokio::test]
async fn a_client_that_does_not_announce_changes_is_asked_for_its_roots_each_time() {
    let wire = Wire::session_with(&folders(), "2025-11-25", json!({ "roots": {} })).await;
    assert_eq!(list(&wire, 0, &["file:///a"]).await, json!(["file:///a"]));
    assert_eq!(list(&wire, 1, &["file:///b"]).await, json!(["file:///b"]));
}
