//! Models behind an OpenAI-compatible API: what they are sent, to the letter, and what becomes of their answers.
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    response::Redirect,
    routing::{get, post},
};
use serde_json::{Value, json};
use toolwright_core::model::{
    CallToolResult, CreateMessageParams, CreateMessageResult, ModelHint, ModelPreferences, Role,
    SamplingContent, SamplingMessage, StopReason, Tool as Definition, ToolChoiceMode, ToolResultContent,
};
use toolwright_server::{
    Context, HandlerError, Server, Tool,
    sampling::{OpenAi, SamplingFallback},
};

use crate::wire::Wire;

/// A provider that gives one answer, and what it was sent.
struct Provider {
    base: String,
    received: Arc<Mutex<Vec<(HeaderMap, Value)>>>,
}

impl Provider {
    async fn new(status: u16, answer: impl ToString) -> Self {
        let received = Arc::new(Mutex::new(Vec::new()));
        let (answer, seen) = (answer.to_string(), Arc::clone(&received));
        let complete = move |headers: HeaderMap, body: Bytes| {
            seen.lock().unwrap().push((headers, serde_json::from_slice(&body).unwrap()));
            std::future::ready((StatusCode::from_u16(status).unwrap(), answer))
        };
        let base = serve(Router::new().route("/v1/chat/completions", post(complete))).await;
        Self { base: format!("{base}/v1"), received }
    }

    fn only(&self) -> (HeaderMap, Value) {
        let mut received = self.received.lock().unwrap();
        assert_eq!(received.len(), 1);
        received.remove(0)
    }
}

async fn serve(router: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn said(message: Value, reason: &str) -> Value {
    json!({ "id": "x", "model": "small-2026", "choices": [{ "index": 0, "message": message, "finish_reason": reason }] })
}

/// What the fallback makes of a question, asked from within a call.
async fn ask(model: OpenAi, params: CreateMessageParams) -> Result<CreateMessageResult, HandlerError> {
    let (answer, model) = (Arc::new(Mutex::new(None)), Arc::new(model));
    let kept = Arc::clone(&answer);
    let tool = Tool::new("ask").raw_handler(move |context: Context, _| {
        let (kept, model, params) = (Arc::clone(&kept), Arc::clone(&model), params.clone());
        async move {
            let outcome = model.create_message(params, &context).await;
            *kept.lock().unwrap() = Some(outcome);
            Ok(CallToolResult::new([]))
        }
    });
    let server = Server::builder("demo").tool(tool).build().unwrap();
    Wire::stateless(&server).modern("tools/call", json!({ "name": "ask" })).await;
    answer.lock().unwrap().take().unwrap()
}

fn hello() -> CreateMessageParams {
    CreateMessageParams::new([SamplingMessage::user("Hello")], 100)
}

#[tokio::test]
async fn a_question_is_written_as_the_provider_reads_it() {
    let provider = Provider::new(200, said(json!({ "role": "assistant", "content": "Hi!" }), "stop")).await;
    let input = serde_json::from_value(json!({ "city": "Paris" })).unwrap();
    let both =
        vec![SamplingContent::text("Let me see."), SamplingContent::tool_use("call-1", "weather", input)];
    let results = vec![
        SamplingContent::ToolResult(ToolResultContent::new("call-1", ["sunny".into(), "and warm".into()])),
        SamplingContent::ToolResult(
            ToolResultContent::new("call-2", []).structured_content(json!({ "rain": 0 })),
        ),
        SamplingContent::ToolResult(ToolResultContent::new("call-3", ["no such city".into()]).is_error(true)),
    ];
    let question = vec![
        SamplingContent::text("What is this?"),
        SamplingContent::image([1], "image/png"),
        SamplingContent::audio([2], "audio/wav"),
    ];
    let weather = Definition::new("weather", json!({ "type": "object" })).description("Says the weather.");
    let params = CreateMessageParams::new(
        [
            SamplingMessage::new(Role::User, question),
            SamplingMessage::new(Role::Assistant, both),
            SamplingMessage::new(Role::User, results),
        ],
        100,
    )
    .system_prompt("Be brief.")
    .temperature(0.5)
    .stop_sequences(["END"])
    .tools([weather])
    .tool_choice(ToolChoiceMode::Required.into());
    let answer = ask(OpenAi::new(format!("{}/", provider.base), "small").key("k-1"), params).await.unwrap();
    assert_eq!(
        answer,
        CreateMessageResult::new("small-2026", SamplingContent::text("Hi!")).stop_reason(StopReason::EndTurn)
    );

    let (headers, body) = provider.only();
    assert_eq!(headers["authorization"], "Bearer k-1");
    assert_eq!(headers["content-type"], "application/json");
    assert_eq!(
        body,
        json!({
            "model": "small",
            "messages": [
                { "role": "system", "content": "Be brief." },
                { "role": "user", "content": [
                    { "type": "text", "text": "What is this?" },
                    { "type": "image_url", "image_url": { "url": "data:image/png;base64,AQ==" } },
                    { "type": "input_audio", "input_audio": { "data": "Ag==", "format": "wav" } },
                ] },
                { "role": "assistant", "content": "Let me see.", "tool_calls": [
                    { "id": "call-1", "type": "function", "function": { "name": "weather", "arguments": r#"{"city":"Paris"}"# } },
                ] },
                { "role": "tool", "tool_call_id": "call-1", "content": "sunny\nand warm" },
                { "role": "tool", "tool_call_id": "call-2", "content": r#"{"rain":0}"# },
                { "role": "tool", "tool_call_id": "call-3", "content": "Error: no such city" },
            ],
            "max_tokens": 100,
            "temperature": 0.5,
            "stop": ["END"],
            "tools": [{ "type": "function", "function": {
                "name": "weather", "parameters": { "type": "object" }, "description": "Says the weather.",
            } }],
            "tool_choice": "required",
        })
    );
}

#[tokio::test]
async fn a_plain_question_says_no_more_than_it_must() {
    let provider = Provider::new(200, said(json!({ "content": "Hi!" }), "stop")).await;
    ask(OpenAi::new(&provider.base, "small").max_completion_tokens(), hello()).await.unwrap();
    let (headers, body) = provider.only();
    assert!(!headers.contains_key("authorization"));
    assert_eq!(
        body,
        json!({ "model": "small", "messages": [{ "role": "user", "content": "Hello" }], "max_completion_tokens": 100 })
    );
}

#[tokio::test]
async fn calls_of_tools_become_uses() {
    let calls = json!([
        { "id": "a", "type": "function", "function": { "name": "weather", "arguments": r#"{"city": "Paris"}"# } },
        { "id": "b", "type": "function", "function": { "name": "time", "arguments": "" } },
    ]);
    // Not every provider says `tool_calls` here.
    let provider = Provider::new(200, said(json!({ "content": null, "tool_calls": calls }), "stop")).await;
    let answer = ask(OpenAi::new(&provider.base, "small"), hello()).await.unwrap();
    let input = |value| serde_json::from_value(value).unwrap();
    let uses = vec![
        SamplingContent::tool_use("a", "weather", input(json!({ "city": "Paris" }))),
        SamplingContent::tool_use("b", "time", input(json!({}))),
    ];
    assert_eq!(answer, CreateMessageResult::new("small-2026", uses).stop_reason(StopReason::ToolUse));
}

#[tokio::test]
async fn reasons_to_stop_are_translated() {
    for (theirs, ours) in [("stop", "endTurn"), ("length", "maxTokens"), ("content_filter", "content_filter")]
    {
        let provider = Provider::new(200, said(json!({ "content": "x" }), theirs)).await;
        let answer = ask(OpenAi::new(&provider.base, "small"), hello()).await.unwrap();
        assert_eq!(serde_json::to_value(answer.stop_reason).unwrap(), ours);
    }
}

#[tokio::test]
async fn the_first_hint_that_fits_picks_the_model() {
    for (hints, model) in [
        (vec!["large"], "large-3"),
        (vec!["unknown", "tiny", "large"], "tiny-1"),
        (vec!["unknown"], "small-2"),
        (vec![], "small-2"),
    ] {
        let provider = Provider::new(200, said(json!({ "content": "x" }), "stop")).await;
        let models = OpenAi::new(&provider.base, "small-2").or_models(["large-3", "tiny-1"]);
        let preferences = ModelPreferences::new().hints(hints.into_iter().map(ModelHint::new));
        ask(models, hello().model_preferences(preferences)).await.unwrap();
        assert_eq!(provider.only().1["model"], model);
    }
}

#[tokio::test]
async fn a_refusal_says_its_status_and_keeps_the_rest_for_the_log() {
    for (body, reason) in [
        (r#"{"error": {"message": "no key k-1", "type": "auth"}}"#, Some("no key k-1")),
        (r#"{"error": "no key k-1"}"#, Some("no key k-1")),
        ("<html>", None),
    ] {
        let provider = Provider::new(401, body).await;
        let error = ask(OpenAi::new(&provider.base, "small").key("k-1"), hello()).await.unwrap_err();
        assert_eq!(error.to_string(), "the model refused with status 401 Unauthorized");
        assert_eq!(error.chain().nth(1).map(ToString::to_string).as_deref(), reason);
    }
}

#[tokio::test]
async fn what_is_no_answer_is_an_error() {
    for (body, text) in [
        ("", "the model's answer cannot be read"),
        (r#"{"model": "m", "choices": []}"#, "the model's answer is empty"),
        (
            r#"{"model": "m", "choices": [{"message": {"tool_calls": [{"id": "1", "function": {"name": "t", "arguments": "oops"}}]}}]}"#,
            "the model calls the tool `t` with what is no JSON object",
        ),
    ] {
        let provider = Provider::new(200, body).await;
        let error = ask(OpenAi::new(&provider.base, "small"), hello()).await.unwrap_err().to_string();
        assert!(error.starts_with(text), "{error}");
    }
    let provider = Provider::new(200, "x".repeat(9 * 1024 * 1024)).await;
    let error = ask(OpenAi::new(&provider.base, "small"), hello()).await.unwrap_err().to_string();
    assert_eq!(error, "the model's answer is longer than 8388608 bytes");
}

#[tokio::test]
async fn sound_that_the_provider_does_not_know_is_not_sent() {
    let provider = Provider::new(200, "").await;
    let ogg = SamplingMessage::new(Role::User, SamplingContent::audio([1], "audio/ogg"));
    let error =
        ask(OpenAi::new(&provider.base, "small"), CreateMessageParams::new([ogg], 1)).await.unwrap_err();
    assert_eq!(error.to_string(), "this model does not listen to `audio/ogg`, only to WAV and MP3");
    assert!(provider.received.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_provider_that_is_not_there_or_slow_is_named_in_the_log_only() {
    let nobody = OpenAi::new("http://127.0.0.1:1/v1", "small");
    let error = ask(nobody, hello()).await.unwrap_err();
    assert_eq!(error.to_string(), "the model cannot be reached");
    assert!(error.chain().count() > 1);

    let base = serve(Router::new().route("/chat/completions", post(std::future::pending::<()>))).await;
    let slow = OpenAi::new(base, "small").timeout(Duration::from_millis(50));
    let error = ask(slow, hello()).await.unwrap_err();
    assert_eq!(error.to_string(), "the model did not answer in time");
}

#[tokio::test]
async fn the_key_does_not_follow_redirects() {
    let seen = Arc::new(Mutex::new(0));
    let count = Arc::clone(&seen);
    let elsewhere = move || {
        *count.lock().unwrap() += 1;
        std::future::ready("")
    };
    let other = serve(Router::new().route("/", get(elsewhere.clone()).post(elsewhere))).await;
    let redirect = move || std::future::ready(Redirect::temporary(&other));
    let base = serve(Router::new().route("/chat/completions", post(redirect))).await;
    let error = ask(OpenAi::new(base, "small").key("k-1"), hello()).await.unwrap_err();
    assert_eq!(error.to_string(), "the model refused with status 307 Temporary Redirect");
    assert_eq!(*seen.lock().unwrap(), 0);
}

#[test]
fn keys_are_not_shown() {
    let shown = format!("{:?}", OpenAi::new("http://127.0.0.1:1/v1", "small").key("k-1"));
    assert_eq!(shown, r#"OpenAi { base: "http://127.0.0.1:1/v1", model: "small", key: Some(".."), .. }"#);
}
