//! `prompts/list` and `prompts/get`.
use http::StatusCode;
use serde_json::json;
use toolwright_core::model::{
    ContentBlock, GetPromptResult, Icon, Meta, PromptArgument, PromptMessage, Role,
};
use toolwright_server::{HandlerError, Prompt, Server, component::Requirement};

use crate::each::each;

/// Answers with the arguments it got.
fn review() -> Prompt {
    Prompt::new("review")
        .description("Reviews a text.")
        .argument(PromptArgument::new("text").required(true))
        .argument(PromptArgument::new("tone"))
        .raw_handler(|_, arguments| async move {
            let got: Vec<_> = arguments.iter().map(|(name, value)| format!("{name}={value}")).collect();
            Ok(GetPromptResult::new([PromptMessage::new(Role::User, got.join(" "))]))
        })
}

fn fails(name: &str, error: fn() -> HandlerError) -> Prompt {
    Prompt::new(name).raw_handler(move |_, _| async move { Err(error()) })
}

#[tokio::test]
async fn arguments_reach_the_prompt_as_strings() {
    let server = Server::builder("demo").prompt(review()).build().unwrap();
    for client in each(&server).await {
        for (arguments, expected) in [
            (json!({ "text": "hi", "tone": "calm" }), "text=hi tone=calm"),
            (json!({ "text": 7, "tone": true }), "text=7 tone=true"),
            (json!({ "text": 1.5, "tone": null }), "text=1.5"),
            (json!({ "text": { "a": [1] } }), r#"text={"a":[1]}"#),
            (json!({ "text": "" }), "text="),
        ] {
            let result =
                client.result("prompts/get", json!({ "name": "review", "arguments": arguments })).await;
            assert_eq!(
                result,
                json!({
                    "description": "Reviews a text.",
                    "messages": [{ "role": "user", "content": { "type": "text", "text": expected } }],
                }),
                "{}",
                client.revision
            );
        }
    }
}

#[tokio::test]
async fn what_a_prompt_is_asked_wrongly_is_an_error_of_the_protocol() {
    let server = Server::builder("demo").prompt(review()).build().unwrap();
    for client in each(&server).await {
        for (params, text) in [
            (json!({ "name": "no_such" }), "unknown prompt `no_such`"),
            (json!({ "name": "review" }), "prompt `review` needs the argument `text`"),
            (
                json!({ "name": "review", "arguments": { "tone": "calm" } }),
                "prompt `review` needs the argument `text`",
            ),
            (
                json!({ "name": "review", "arguments": { "text": null } }),
                "prompt `review` needs the argument `text`",
            ),
            (
                json!({ "name": "review", "arguments": ["hi"] }),
                "`params.arguments` must be an object of strings",
            ),
            (json!({}), "`params.name` is missing"),
        ] {
            let (error, status) = client.error("prompts/get", params).await;
            assert_eq!(error, json!({ "code": -32602, "message": text }), "{}", client.revision);
            assert_eq!(status, StatusCode::OK);
        }
    }
}

#[tokio::test]
async fn what_goes_wrong_in_a_prompt_has_a_code() {
    let server = Server::builder("demo")
        .prompts([
            fails("broken", || "disk on fire".into()),
            fails("missing", || HandlerError::from("no such article").not_found()),
        ])
        .build()
        .unwrap();
    for client in each(&server).await {
        let (error, _) = client.error("prompts/get", json!({ "name": "broken" })).await;
        assert_eq!(error, json!({ "code": -32603, "message": "disk on fire" }), "{}", client.revision);
        let (error, _) = client.error("prompts/get", json!({ "name": "missing" })).await;
        assert_eq!(
            error,
            json!({ "code": -32602, "message": "no such article" }),
            "{}: a prompt is no resource, and has no URI",
            client.revision
        );
    }
}

#[tokio::test]
async fn a_description_of_the_result_comes_before_that_of_the_prompt() {
    let own = Prompt::new("own")
        .description("Of the prompt.")
        .raw_handler(|_, _| async { Ok(GetPromptResult::new([]).description("Of this result.")) });
    let none = Prompt::new("none").raw_handler(|_, _| async { Ok(GetPromptResult::new([])) });
    let server = Server::builder("demo").prompts([own, none]).build().unwrap();
    for client in each(&server).await {
        assert_eq!(
            client.result("prompts/get", json!({ "name": "own" })).await,
            json!({ "description": "Of this result.", "messages": [] })
        );
        assert_eq!(client.result("prompts/get", json!({ "name": "none" })).await, json!({ "messages": [] }));
    }
}

#[tokio::test]
async fn messages_hold_what_their_revision_can_carry() {
    let listen = Prompt::new("listen").raw_handler(|_, _| async {
        Ok(GetPromptResult::new([PromptMessage::new(
            Role::Assistant,
            ContentBlock::audio(b"snd", "audio/wav"),
        )]))
    });
    let server = Server::builder("demo").prompt(listen).build().unwrap();
    for client in each(&server).await {
        let result = client.result("prompts/get", json!({ "name": "listen" })).await;
        let kind = if client.revision == "2024-11-05" { "text" } else { "audio" };
        assert_eq!(result["messages"][0]["role"], "assistant");
        assert_eq!(result["messages"][0]["content"]["type"], kind, "{}", client.revision);
    }
}

#[tokio::test]
async fn definitions_say_what_their_revision_knows() {
    let prompt = review()
        .title("Review")
        .icon(Icon::new("https://example.org/i.png"))
        .meta(Meta::new().member("com.example/x", 1))
        .argument(PromptArgument::new("style").title("Style").description("How."));
    let server = Server::builder("demo").prompt(prompt).build().unwrap();
    for client in each(&server).await {
        let prompt = client.result("prompts/list", json!({})).await["prompts"][0].clone();
        let titles = !["2024-11-05", "2025-03-26"].contains(&client.revision);
        assert_eq!(prompt["name"], "review");
        assert_eq!(prompt["arguments"][0], json!({ "name": "text", "required": true }));
        assert_eq!(prompt["arguments"][2]["description"], "How.");
        assert_eq!(prompt["arguments"][2]["title"].is_string(), titles, "{}", client.revision);
        assert_eq!(prompt["title"].is_string(), titles, "{}", client.revision);
        assert_eq!(prompt["_meta"].is_object(), titles, "{}", client.revision);
        let icons = ["2025-11-25", "2026-07-28"].contains(&client.revision);
        assert_eq!(prompt["icons"].is_array(), icons, "{}", client.revision);
    }
}

#[tokio::test]
async fn a_prompt_that_needs_a_capable_client_is_refused_in_the_words_of_the_revision() {
    let server = Server::builder("demo").prompt(review().requires([Requirement::Roots])).build().unwrap();
    for client in each(&server).await {
        let (error, _) =
            client.error("prompts/get", json!({ "name": "review", "arguments": { "text": "" } })).await;
        let code = if client.is_modern() { -32021 } else { -32602 };
        assert_eq!(error["code"], code, "{}", client.revision);
    }
}
