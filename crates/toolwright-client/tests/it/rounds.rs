use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use serde_json::{Value, json};
use tokio::sync::Barrier;
use toolwright_client::{Client, ClientError, Refusal, Step};
use toolwright_core::model::{CreateMessageResult, ElicitResult, InputResponses, Root, SamplingContent};

use crate::fake::{Call, Fake, MODERN, Reaction, text};

fn form(message: &str) -> Value {
    json!({ "method": "elicitation/create", "params": {
        "mode": "form", "message": message, "requestedSchema": { "type": "object", "properties": {} },
    } })
}

fn required(requests: Option<Value>, state: Option<&str>) -> Reaction {
    let mut result = json!({ "resultType": "input_required" });
    if let Some(requests) = requests {
        result["inputRequests"] = requests;
    }
    if let Some(state) = state {
        result["requestState"] = json!(state);
    }
    Reaction::Result(result)
}

/// Two rounds, then the answers.
fn booking(call: Call) -> Reaction {
    match call.params["requestState"].as_str() {
        None => required(Some(json!({ "row": form("Row?") })), Some("one \u{1F3AD} \"state\"\n")),
        Some("one \u{1F3AD} \"state\"\n") => required(Some(json!({ "seat": form("Seat?") })), Some("two")),
        Some("two") => text(&call.params["inputResponses"]["seat"]["content"]["answer"].to_string()),
        Some(other) => panic!("{other}"),
    }
}

fn answering() -> toolwright_client::Builder {
    Client::builder().on_elicit(|form| async move { ElicitResult::accept([("answer", form.message)]) })
}

#[tokio::test]
async fn rounds_are_driven_to_the_result() {
    let fake = Fake::new(MODERN, booking);
    let client = fake.connect_with(answering()).await.unwrap();
    let outcome = client.call("book", json!({ "show": "hamlet" })).await.unwrap();
    assert_eq!(outcome.text(), "\"Seat?\"");

    let calls = fake.sent_as("tools/call");
    assert_eq!(calls.len(), 3);
    let ids: std::collections::HashSet<_> = calls.iter().map(|call| call["id"].to_string()).collect();
    assert_eq!(ids.len(), 3, "each round has an id of its own");
    for call in &calls {
        assert_eq!(call["params"]["name"], "book");
        assert_eq!(call["params"]["arguments"], json!({ "show": "hamlet" }));
        assert!(call["params"]["_meta"]["io.modelcontextprotocol/protocolVersion"].is_string());
    }
    assert_eq!(calls[0]["params"].get("requestState"), None);
    assert_eq!(calls[0]["params"].get("inputResponses"), None);
    assert_eq!(
        calls[1]["params"]["inputResponses"],
        json!({ "row": { "action": "accept", "content": { "answer": "Row?" } } })
    );
    assert_eq!(calls[1]["params"]["requestState"], "one \u{1F3AD} \"state\"\n");
    assert_eq!(
        calls[2]["params"]["inputResponses"].as_object().unwrap().len(),
        1,
        "answers of this round only"
    );
}

#[tokio::test]
async fn questions_of_one_round_are_answered_at_the_same_time() {
    let barrier = Arc::new(Barrier::new(3));
    let meet = move || {
        let barrier = barrier.clone();
        async move {
            barrier.wait().await;
        }
    };
    let (one, two, three) = (meet.clone(), meet.clone(), meet);
    let builder = Client::builder()
        .on_elicit(move |_| {
            let met = one();
            async move {
                met.await;
                ElicitResult::decline()
            }
        })
        .on_sample(move |_| {
            let met = two();
            async move {
                met.await;
                Ok(CreateMessageResult::new("m", SamplingContent::text("t")))
            }
        })
        .on_roots(move || {
            let met = three();
            async move {
                met.await;
                vec![Root::new("file:///")]
            }
        });
    let fake = Fake::new(MODERN, |call| match call.params.get("inputResponses") {
        None => {
            let sampling =
                json!({ "method": "sampling/createMessage", "params": { "messages": [], "maxTokens": 1 } });
            let questions = json!({ "a": form("?"), "b": sampling, "c": { "method": "roots/list" } });
            required(Some(questions), None)
        }
        Some(responses) => text(&responses.to_string()),
    });
    let client = fake.connect_with(builder).await.unwrap();
    let answers: Value = client.call("x", ()).await.unwrap().data().unwrap();
    assert_eq!(answers["a"], json!({ "action": "decline" }));
    assert_eq!(answers["b"]["model"], "m");
    assert_eq!(answers["c"], json!({ "roots": [{ "uri": "file:///" }] }));
    assert_eq!(fake.sent_as("tools/call")[1]["params"].get("requestState"), None, "none was given");
}

#[tokio::test]
async fn prompts_and_resources_ask_as_well() {
    let fake = Fake::new(MODERN, |call| match (call.method.as_str(), call.params.get("inputResponses")) {
        (_, None) => required(Some(json!({ "q": form("?") })), Some("s")),
        ("prompts/get", _) => Reaction::Result(json!({ "resultType": "complete", "messages": [] })),
        _ => Reaction::Result(
            json!({ "resultType": "complete", "contents": [], "ttlMs": 0, "cacheScope": "private" }),
        ),
    });
    let client = fake.connect_with(answering()).await.unwrap();
    client.prompt("p", ()).await.unwrap();
    client.read("a://b").await.unwrap();
    assert_eq!(fake.sent_as("resources/read")[1]["params"]["uri"], "a://b");
}

#[tokio::test]
async fn a_server_that_never_stops_asking_is_given_up() {
    let fake = Fake::new(MODERN, |_| required(Some(json!({ "q": form("?") })), Some("s")));
    let client = fake.connect_with(answering().max_rounds(3)).await.unwrap();
    let error = client.call("x", ()).await.unwrap_err();
    assert_eq!(error.to_string(), "the server still asks for input after 3 rounds");
    assert_eq!(fake.sent_as("tools/call").len(), 4);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_only_wants_to_be_called_again_is_not_called_at_once() {
    let count = Mutex::new(0);
    let fake = Fake::new(MODERN, move |call| {
        let mut count = count.lock().unwrap();
        *count += 1;
        assert_eq!(call.params.get("inputResponses"), None);
        if *count < 4 { required(None, Some("busy")) } else { text("done") }
    });
    let client = fake.connect().await;
    let start = tokio::time::Instant::now();
    client.call("x", ()).await.unwrap();
    assert_eq!(start.elapsed(), Duration::from_millis(700), "100, 200, 400");
}

#[tokio::test]
async fn a_question_without_an_answer_ends_the_call() {
    let fake = Fake::new(MODERN, |_| required(Some(json!({ "q": form("?") })), None));
    let error = fake.connect().await.call("x", ()).await.unwrap_err();
    assert!(matches!(&error, ClientError::Unanswered { key, .. } if key == "q"), "{error}");
    assert_eq!(fake.sent_as("tools/call").len(), 1);

    let sampling =
        json!({ "method": "sampling/createMessage", "params": { "messages": [], "maxTokens": 1 } });
    let fake = Fake::new(MODERN, move |_| required(Some(json!({ "s": sampling })), None));
    let builder = Client::builder().on_sample(|_| async { Err(Refusal::new("the user said no")) });
    let error = fake.connect_with(builder).await.unwrap().call("x", ()).await.unwrap_err();
    assert_eq!(error.to_string(), "the server's question `s` has no answer: the user said no");
}

#[tokio::test]
async fn rounds_that_the_protocol_does_not_have_are_the_servers_fault() {
    let fake = Fake::new(MODERN, |call| match call.method.as_str() {
        "tools/list" => required(Some(json!({ "q": form("?") })), None),
        "tools/call" => required(None, None),
        "prompts/get" => required(Some(json!({ "q": { "method": "ping" } })), None),
        _ => required(Some(json!([])), None),
    });
    let client = fake.connect_with(answering()).await.unwrap();
    for error in [
        client.tools().await.unwrap_err(),
        client.call("x", ()).await.unwrap_err(),
        client.prompt("x", ()).await.unwrap_err(),
        client.read("a://b").await.unwrap_err(),
    ] {
        assert!(matches!(error, ClientError::Protocol(_)), "{error}");
    }
}

#[tokio::test]
async fn questions_can_be_answered_by_hand() {
    let fake = Fake::new(MODERN, booking);
    let client = fake.connect().await;
    let mut step = client.call("book", ()).by_hand().await.unwrap();
    let mut asked = Vec::new();
    let outcome = loop {
        match step {
            Step::Done(outcome) => break outcome,
            Step::Ask(questions) => {
                asked.extend(questions.requests().iter().map(|(key, _)| key.to_owned()));
                let answer = ElicitResult::accept([("answer", "by hand")]);
                let answers: InputResponses =
                    questions.requests().iter().map(|(key, _)| (key.to_owned(), &answer)).collect();
                step = questions.answer(answers).await.unwrap();
            }
        }
    };
    assert_eq!(asked, ["row", "seat"]);
    assert_eq!(outcome.text(), "\"by hand\"");
}

#[tokio::test]
async fn progress_is_followed_through_all_rounds() {
    let fake = Fake::new(MODERN, |call| {
        call.report(json!(1));
        booking(call)
    });
    let client = fake.connect_with(answering()).await.unwrap();
    let count = Arc::new(Mutex::new(0));
    let sink = count.clone();
    client.call("book", ()).on_progress(move |_| *sink.lock().unwrap() += 1).await.unwrap();
    assert_eq!(*count.lock().unwrap(), 3);
    for call in fake.sent_as("tools/call") {
        assert_eq!(call["params"]["_meta"]["progressToken"], call["id"]);
    }
}
