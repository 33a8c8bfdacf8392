use std::{sync::Arc, time::Duration};

use serde_json::{Value, json};
use tokio::sync::Notify;
use toolwright_client::{Builder, Client, Refusal};
use toolwright_core::model::{CreateMessageResult, ElicitResult, Root, SamplingContent};

use crate::fake::{Call, Fake, LEGACY, MODERN, Reaction, later, settle_down, text};

/// Asks what the arguments say, and returns the response.
fn asking(call: Call) -> Reaction {
    later(async move {
        let arguments = call.params["arguments"].clone();
        let method = arguments["method"].as_str().unwrap();
        text(&call.ask("q1", method, arguments["params"].clone()).await.to_string())
    })
}

async fn response(builder: Builder, method: &str, params: Value) -> Value {
    let client = Fake::new(LEGACY, asking).connect_with(builder).await.unwrap();
    client.call("x", json!({ "method": method, "params": params })).await.unwrap().data().unwrap()
}

fn form() -> Value {
    json!({ "message": "Row?", "requestedSchema": { "type": "object", "properties": { "row": { "type": "string" } } } })
}

fn sample() -> Value {
    json!({ "messages": [{ "role": "user", "content": { "type": "text", "text": "hi" } }], "maxTokens": 5 })
}

#[tokio::test]
async fn a_session_is_answered_by_the_handlers() {
    let builder =
        Client::builder().on_elicit(|form| async move { ElicitResult::accept([("row", form.message)]) });
    assert_eq!(
        response(builder, "elicitation/create", form()).await,
        json!({ "jsonrpc": "2.0", "id": "q1", "result": { "action": "accept", "content": { "row": "Row?" } } })
    );

    let builder = Client::builder().on_elicit_url(|url| async move {
        assert_eq!((url.url.as_str(), url.elicitation_id.as_deref()), ("https://a.example", Some("e1")));
        ElicitResult::new(toolwright_core::model::ElicitAction::Accept)
    });
    let params = json!({ "mode": "url", "message": "Go", "url": "https://a.example", "elicitationId": "e1" });
    assert_eq!(
        response(builder, "elicitation/create", params).await["result"],
        json!({ "action": "accept" })
    );

    let builder = Client::builder().on_sample(|params| async move {
        assert_eq!(params.max_tokens, 5);
        Ok(CreateMessageResult::new("model", SamplingContent::text("hello")))
    });
    assert_eq!(
        response(builder, "sampling/createMessage", sample()).await["result"],
        json!({ "role": "assistant", "model": "model", "content": { "type": "text", "text": "hello" } })
    );

    let builder = Client::builder().roots([Root::new("file:///a").name("a")]);
    assert_eq!(
        response(builder, "roots/list", json!({})).await["result"],
        json!({ "roots": [{ "uri": "file:///a", "name": "a" }] })
    );

    assert_eq!(response(Client::builder(), "ping", json!({})).await["result"], json!({}));
}

#[tokio::test]
async fn what_was_not_declared_is_refused_with_the_code_that_says_so() {
    let code = |response: Value| response["error"]["code"].as_i64().unwrap();
    let declined = || Client::builder().on_elicit(|_| async { ElicitResult::decline() });
    let sampler = || Client::builder().on_sample(|_| async { Err(Refusal::new("the user said no")) });

    for (method, params) in [
        ("elicitation/create", form()),
        ("sampling/createMessage", sample()),
        ("roots/list", json!({})),
        ("example/odd", json!({})),
    ] {
        assert_eq!(code(response(Client::builder(), method, params).await), -32601, "{method}");
    }
    let url = json!({ "mode": "url", "message": "Go", "url": "https://a.example", "elicitationId": "e1" });
    assert_eq!(code(response(declined(), "elicitation/create", url).await), -32602, "undeclared mode");
    assert_eq!(code(response(declined(), "elicitation/create", json!({ "message": 7 })).await), -32602);

    let refused = response(sampler(), "sampling/createMessage", sample()).await;
    assert_eq!(refused["error"], json!({ "code": -1, "message": "the user said no" }));
    let mut tools = sample();
    tools["tools"] = json!([]);
    assert_eq!(code(response(sampler(), "sampling/createMessage", tools).await), -32602, "undeclared tools");
}

#[tokio::test]
async fn a_handler_that_panics_is_an_internal_error() {
    let builder = Client::builder().on_elicit(|_| async { panic!("in the handler") });
    assert_eq!(response(builder, "elicitation/create", form()).await["error"]["code"], -32603);
}

#[tokio::test]
async fn a_question_that_the_server_takes_back_is_dropped() {
    let dropped = Arc::new(Notify::new());
    let signal = dropped.clone();
    let builder = Client::builder().on_elicit(move |_| {
        let signal = Signal(signal.clone());
        async move {
            let _signal = signal;
            std::future::pending().await
        }
    });
    let fake = Fake::new(LEGACY, |call| {
        later(async move {
            drop(call.ask("q1", "elicitation/create", form()));
            settle_down().await;
            call.notify("notifications/cancelled", json!({ "requestId": "q1" }));
            text("never mind")
        })
    });
    let client = fake.connect_with(builder).await.unwrap();
    assert_eq!(client.call("x", ()).await.unwrap().text(), "never mind");
    dropped.notified().await;
    assert!(!fake.sent().iter().any(|message| message["id"] == "q1"));
}

struct Signal(Arc<Notify>);

impl Drop for Signal {
    fn drop(&mut self) {
        self.0.notify_one();
    }
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_too_much_at_once_is_told() {
    let builder = Client::builder().on_elicit(|_| async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        ElicitResult::decline()
    });
    let fake = Fake::new(LEGACY, |call| {
        later(async move {
            let asked: Vec<_> =
                (0..100).map(|n| call.ask(&format!("q{n}"), "elicitation/create", form())).collect();
            let mut refused = 0;
            for response in asked {
                refused += usize::from(response.await.get("error").is_some());
            }
            text(&refused.to_string())
        })
    });
    let client = fake.connect_with(builder).await.unwrap();
    assert_eq!(client.call("x", ()).await.unwrap().data::<usize>().unwrap(), 36);
}

#[tokio::test]
async fn a_request_is_not_answered_where_the_revision_has_none() {
    let builder = Client::builder().on_elicit(|_| async { panic!("nobody may ask") });
    let fake = Fake::new(MODERN, |call| {
        drop(call.ask("q1", "elicitation/create", form()));
        drop(call.ask("q2", "ping", json!({})));
        text("done")
    });
    let client = fake.connect_with(builder).await.unwrap();
    client.call("x", ()).await.unwrap();
    settle_down().await;
    assert_eq!(fake.sent().len(), 2, "the discovery and the call");
}

/// Refuses until every URL was visited.
fn behind_a_url(call: Call) -> Reaction {
    if call.id.as_i64().unwrap() > 3 {
        return text("welcome");
    }
    let elicitations =
        json!([{ "mode": "url", "message": "Log in", "url": "https://a.example", "elicitationId": "e1" }]);
    Reaction::Error(-32042, "log in first", json!({ "elicitations": elicitations }))
}

#[tokio::test(start_paused = true)]
async fn a_url_that_must_be_visited_first_is_shown_and_the_call_repeated_once() {
    let accept = || ElicitResult::new(toolwright_core::model::ElicitAction::Accept);
    let fake = Fake::new(LEGACY, behind_a_url);
    let builder = Client::builder().on_elicit_url(move |url| async move {
        assert_eq!(url.url, "https://a.example");
        accept()
    });
    let client = fake.connect_with(builder).await.unwrap();
    assert_eq!(client.call("x", json!({ "a": 1 })).await.unwrap().text(), "welcome");
    let calls = fake.sent_as("tools/call");
    assert_eq!(calls.len(), 2);
    assert_ne!(calls[0]["id"], calls[1]["id"]);
    assert_eq!(calls[0]["params"], calls[1]["params"]);

    let always =
        Fake::new(LEGACY, |_| Reaction::Error(-32042, "log in first", json!({ "elicitations": [] })));
    let builder = Client::builder().on_elicit_url(move |_| async move { accept() });
    let error = always.connect_with(builder).await.unwrap().call("x", ()).await.unwrap_err();
    assert_eq!(error.rpc().unwrap().code, -32042);
    assert_eq!(always.sent_as("tools/call").len(), 2);
}

#[tokio::test]
async fn a_url_that_nobody_can_or_wants_to_visit_ends_the_call() {
    let decline = Client::builder().on_elicit_url(|_| async { ElicitResult::decline() });
    for builder in [Client::builder(), decline] {
        let fake = Fake::new(LEGACY, behind_a_url);
        let error = fake.connect_with(builder).await.unwrap().call("x", ()).await.unwrap_err();
        assert_eq!(error.to_string(), "log in first (-32042)");
        assert_eq!(fake.sent_as("tools/call").len(), 1);
    }
}

#[tokio::test]
async fn a_request_that_needs_a_visit_is_repeated_when_the_server_calls_that_complete() {
    let done = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = done.clone();
    let fake = Fake::new(LEGACY, move |call| {
        if seen.load(std::sync::atomic::Ordering::SeqCst) { text("welcome") } else { behind_a_url(call) }
    });
    let (completed, mut complete) = tokio::sync::mpsc::unbounded_channel();
    let accept = || ElicitResult::new(toolwright_core::model::ElicitAction::Accept);
    let builder = Client::builder()
        .on_elicit_url(move |_| async move { accept() })
        .on_elicit_complete(move |id| drop(completed.send(id)));
    let client = fake.connect_with(builder).await.unwrap();
    let waiting = tokio::spawn(client.call("x", ()).into_future());
    settle_down().await;
    fake.notify("notifications/elicitation/complete", json!({ "elicitationId": "unknown" }));
    settle_down().await;
    assert_eq!(fake.sent_as("tools/call").len(), 1, "it would be refused again");
    done.store(true, std::sync::atomic::Ordering::SeqCst);
    for _ in 0..2 {
        fake.notify("notifications/elicitation/complete", json!({ "elicitationId": "e1" }));
    }
    assert_eq!(waiting.await.unwrap().unwrap().text(), "welcome");
    assert_eq!(complete.recv().await.as_deref(), Some("e1"));
    assert!(complete.try_recv().is_err(), "it was complete already");
}

#[tokio::test]
async fn an_accepted_form_takes_the_defaults_of_its_schema() {
    let params = json!({ "message": "?", "requestedSchema": { "type": "object", "required": ["name"], "properties": {
        "name": { "type": "string", "default": "John Doe" }, "age": { "type": "integer", "default": 30 },
    } } });
    let empty = || ElicitResult::new(toolwright_core::model::ElicitAction::Accept);
    let builder = Client::builder().on_elicit(move |_| async move { empty() });
    assert_eq!(
        response(builder, "elicitation/create", params.clone()).await["result"],
        json!({ "action": "accept", "content": { "name": "John Doe", "age": 30 } })
    );
    let builder = Client::builder().on_elicit(|_| async { ElicitResult::accept([("age", "old")]) });
    assert_eq!(
        response(builder, "elicitation/create", params).await["error"],
        json!({
            "code": -32603,
            "message": "the client's answer does not fit the form: `age` must be an integer, not \"old\"",
        })
    );
}

#[tokio::test]
async fn roots_are_files() {
    let builder = Client::builder().roots([Root::new("https://a.example"), Root::new("file:///a")]);
    assert_eq!(
        response(builder, "roots/list", json!({})).await["result"],
        json!({ "roots": [{ "uri": "file:///a" }] })
    );
}

#[tokio::test]
async fn a_server_that_asks_without_reading_the_answers_is_not_answered_for_ever() {
    let fake = Fake::new(LEGACY, |call| {
        for n in 0..2000 {
            // The fake reads no answer to an id that begins so.
            call.send_text(
                &json!({ "jsonrpc": "2.0", "id": format!("unread-{n}"), "method": "ping" }).to_string(),
            );
        }
        text("ok")
    });
    let client = fake.connect().await;
    client.call("x", ()).await.unwrap();
    settle_down().await;
    let answers = fake.sent().iter().filter(|message| message["result"] == json!({})).count();
    assert_eq!(answers, 256);
}
