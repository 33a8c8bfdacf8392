//! Questions to a model: what it is asked, how it uses tools, and who answers where the client cannot.
use std::sync::{
    Arc, Mutex,
    atomic::{AtomicU32, Ordering},
};

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use toolwright_core::{
    Raw,
    model::{
        CallToolResult, ContentBlock, CreateMessageResult, IncludeContext, JsonObject, ModelHint,
        ModelPreferences, OneOrMany, Role, SamplingContent, SamplingMessage, ToolChoiceMode,
        ToolResultContent,
    },
};
use toolwright_server::{
    Context, HandlerError, Server, Tool,
    arguments::Args,
    question::{Asker, Question, QuestionError},
    respond::{Audio, Image},
    sampling::Answers,
};

use crate::wire::{Wire, modern};

/// A client whose model says these things in order.
#[derive(Clone)]
struct Model(Arc<Mutex<(Vec<CreateMessageResult>, Vec<Value>)>>);

impl Model {
    fn new(says: impl IntoIterator<Item = CreateMessageResult>) -> Self {
        Self(Arc::new(Mutex::new((says.into_iter().collect(), Vec::new()))))
    }

    fn asked(&self) -> Vec<Value> {
        self.0.lock().unwrap().1.clone()
    }
}

impl Asker for Model {
    async fn ask(&self, _: &Context, question: Question) -> Result<Raw, QuestionError> {
        let mut state = self.0.lock().unwrap();
        state.1.push(question.params.read().unwrap());
        assert!(!state.0.is_empty(), "the model has no more answers");
        Ok(Raw::serialize(&state.0.remove(0)).unwrap())
    }
}

fn says(text: &str) -> CreateMessageResult {
    CreateMessageResult::new("test", SamplingContent::text(text))
}

fn object(value: Value) -> JsonObject {
    serde_json::from_value(value).unwrap()
}

fn uses<const N: usize>(tools: [(&str, &str, Value); N]) -> CreateMessageResult {
    let blocks: Vec<_> = tools
        .into_iter()
        .map(|(id, name, input)| SamplingContent::tool_use(id, name, object(input)))
        .collect();
    CreateMessageResult::new("test", OneOrMany::Many(blocks))
}

/// A tool `ask` with this body.
fn asking<F, R>(ask: F) -> Tool
where
    F: Fn(Context) -> R + Send + Sync + 'static,
    R: Future<Output = Result<Value, HandlerError>> + Send + 'static,
{
    Tool::new("ask").raw_handler(move |context, _| {
        let answer = ask(context);
        async move { Ok(CallToolResult::new([ContentBlock::text(answer.await?.to_string())])) }
    })
}

#[derive(Deserialize, JsonSchema)]
struct Add {
    a: i64,
    b: i64,
}

fn add() -> Tool {
    Tool::new("add").description("Adds.").handler(async |Args(Add { a, b }): Args<Add>| a + b)
}

/// What `ask` of this server answers in the latest legacy and in the modern revision, which is the same.
async fn call_both(server: impl Fn() -> Server, says: &[CreateMessageResult]) -> (Value, Vec<Value>) {
    let mut outcomes = Vec::new();
    for revision in ["2025-11-25", "2026-07-28"] {
        let model = Model::new(says.iter().cloned());
        let asking = server().asking(model.clone());
        let capabilities = json!({ "sampling": { "tools": {}, "context": {} } });
        outcomes.push((call(&asking, revision, capabilities).await, model.asked()));
    }
    let last = outcomes.pop().unwrap();
    assert_eq!(outcomes.pop().unwrap(), last);
    last
}

async fn call(server: &Server, revision: &str, capabilities: Value) -> Value {
    let params = json!({ "name": "ask" });
    let answer = if revision == "2026-07-28" {
        Wire::stateless(server).ask(modern(1, "tools/call", params, capabilities)).await
    } else {
        Wire::session_with(server, revision, capabilities).await.request("tools/call", params).await
    };
    if answer["error"].is_object() {
        return answer["error"].clone();
    }
    let text = answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"));
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}

#[tokio::test]
async fn everything_that_can_be_said_is_sent() {
    let server = || {
        let ask = asking(|context| async move {
            let answer = context
                .sample("What is this?")
                .attach(Image::new([1], "image/png"))
                .attach(Audio::new([2], "audio/wav"))
                .system("Be brief.")
                .max_tokens(7)
                .temperature(0.5)
                .preferences(ModelPreferences::new().hints([ModelHint::new("small")]))
                .stop_sequences(["END"])
                .metadata(object(json!({ "user": "ada" })))
                .include_context(IncludeContext::ThisServer)
                .await?;
            Ok(json!({ "text": answer.text(), "messages": answer.messages().len() }))
        });
        Server::builder("demo").tool(ask).build().unwrap()
    };
    let (answer, asked) = call_both(server, &[says("a chart")]).await;
    assert_eq!(answer, json!({ "text": "a chart", "messages": 2 }));
    assert_eq!(
        asked,
        [json!({
            "messages": [{ "role": "user", "content": [
                { "type": "text", "text": "What is this?" },
                { "type": "image", "data": "AQ==", "mimeType": "image/png" },
                { "type": "audio", "data": "Ag==", "mimeType": "audio/wav" },
            ] }],
            "modelPreferences": { "hints": [{ "name": "small" }] },
            "systemPrompt": "Be brief.",
            "includeContext": "thisServer",
            "temperature": 0.5,
            "maxTokens": 7,
            "stopSequences": ["END"],
            "metadata": { "user": "ada" },
        })]
    );
}

#[tokio::test]
async fn older_clients_get_a_message_for_each_block() {
    let ask = asking(|context| async move {
        Ok(context.sample("What is this?").attach(Image::new([1], "image/png")).await?.text().into())
    });
    let server = Server::builder("demo").tool(ask).build().unwrap();
    let model = Model::new([says("a chart")]);
    call(&server.asking(model.clone()), "2025-06-18", json!({ "sampling": {} })).await;
    assert_eq!(
        model.asked()[0]["messages"],
        json!([
            { "role": "user", "content": { "type": "text", "text": "What is this?" } },
            { "role": "user", "content": { "type": "image", "data": "AQ==", "mimeType": "image/png" } },
        ])
    );
    let ask = asking(|context| async move {
        Ok(context.sample("Hear!").attach(Audio::new([1], "audio/wav")).await?.text().into())
    });
    let server = Server::builder("demo").tool(ask).build().unwrap().asking(Model::new([]));
    let answer = call(&server, "2024-11-05", json!({ "sampling": {} })).await;
    assert_eq!(answer, "a message has sound in it, which this client's revision does not know");
}

#[tokio::test]
async fn context_of_servers_is_for_clients_that_declared_it() {
    let ask = || {
        asking(|context| async move {
            Ok(context.sample("Hi").include_context(IncludeContext::AllServers).await?.text().into())
        })
    };
    let server = Server::builder("demo").tool(ask()).build().unwrap();
    let asking = server.asking(Model::new([says("hello")]));
    assert_eq!(call(&asking, "2025-06-18", json!({ "sampling": {} })).await, "hello");
    let asking = server.asking(Model::new([]));
    let answer = call(&asking, "2025-11-25", json!({ "sampling": {} })).await;
    assert!(answer.as_str().unwrap().contains(r#"did not declare {"sampling":{"context":{}}}"#), "{answer}");
    let answer = call(&asking, "2026-07-28", json!({ "sampling": {} })).await;
    assert_eq!(answer["data"]["requiredCapabilities"], json!({ "sampling": { "context": {} } }));
}

#[tokio::test]
async fn the_model_uses_tools_until_it_has_an_answer() {
    let server = || {
        let ask = asking(|context| async move {
            let answer = context.sample("What is 2 + 3, and 7 + 8?").tools(["add"]).await?;
            Ok(json!({ "text": answer.text(), "messages": answer.messages().len() }))
        });
        Server::builder("demo").tool(ask).tool(add()).build().unwrap()
    };
    let both = uses([("1", "add", json!({ "a": 2, "b": 3 })), ("2", "add", json!({ "a": 7, "b": 8 }))]);
    let (answer, asked) = call_both(server, &[both, says("5 and 15")]).await;
    assert_eq!(answer, json!({ "text": "5 and 15", "messages": 4 }));
    let tools = &asked[0]["tools"];
    assert_eq!((&tools[0]["name"], &tools[0]["description"]), (&json!("add"), &json!("Adds.")));
    assert_eq!(tools[0].as_object().unwrap().len(), 3, "what a model needs, no more");
    let messages = asked[1]["messages"].as_array().unwrap();
    assert_eq!(messages.len(), 3);
    assert_eq!(messages[1]["role"], "assistant");
    assert_eq!(messages[1]["content"][1]["type"], "tool_use");
    assert_eq!(messages[2]["role"], "user");
    let results = messages[2]["content"].as_array().unwrap();
    assert_eq!(results.len(), 2, "each use is answered, and nothing else is said");
    for (result, (id, sum)) in results.iter().zip([("1", "5"), ("2", "15")]) {
        assert_eq!((&result["type"], &result["toolUseId"]), (&json!("tool_result"), &json!(id)));
        assert_eq!(result["content"][0]["text"], sum);
    }
}

#[tokio::test]
async fn tools_with_a_handler_need_not_be_the_servers() {
    let server = || {
        let ask =
            asking(|context| async move { Ok(context.sample("2 + 3?").tools([add()]).await?.text().into()) });
        Server::builder("demo").tool(ask).build().unwrap()
    };
    let says = [uses([("1", "add", json!({ "a": 2, "b": 3 }))]), says("5")];
    let (_, asked) = call_both(server, &says).await;
    assert_eq!(asked[1]["messages"][2]["content"][0]["content"][0]["text"], "5");
}

#[tokio::test]
async fn definitions_without_a_handler_are_handed_back() {
    let server = || {
        let ask = asking(|context| async move {
            let dice = toolwright_core::model::Tool::new("dice", json!({ "type": "object" }));
            let first =
                context.sample("Roll.").tools([dice.clone()]).tool_choice(ToolChoiceMode::Required).await?;
            let results = first.uses().map(|used| {
                SamplingContent::ToolResult(ToolResultContent::new(used.id.as_str(), ["six".into()]))
            });
            let results = SamplingMessage::new(Role::User, results.collect::<Vec<_>>());
            let messages = first.messages().iter().cloned().chain([results]);
            Ok(context.sample_messages(messages).tools([dice]).await?.text().into())
        });
        Server::builder("demo").tool(ask).build().unwrap()
    };
    let (_, asked) = call_both(server, &[uses([("1", "dice", json!({}))]), says("You rolled a six.")]).await;
    assert_eq!(asked[0]["toolChoice"], json!({ "mode": "required" }));
    assert_eq!(asked[1]["messages"][2]["content"][0]["content"][0]["text"], "six");
}

#[tokio::test]
async fn what_goes_wrong_with_a_tool_is_for_the_model_to_read() {
    let server = || {
        let fails =
            Tool::new("fails").handler(async |_: Context| Err::<(), HandlerError>("out of order".into()));
        let ask = asking(|context| async move {
            Ok(context.sample("Go").tools(["add", "fails"]).await?.text().into())
        });
        Server::builder("demo").tools([ask, fails, add()]).build().unwrap()
    };
    let wrong =
        uses([("1", "fails", json!({})), ("2", "add", json!({ "a": 2 })), ("3", "subtract", json!({}))]);
    let (_, asked) = call_both(server, &[wrong, says("sorry")]).await;
    let results = asked[1]["messages"][2]["content"].as_array().unwrap();
    let texts: Vec<_> = results.iter().map(|result| result["content"][0]["text"].as_str().unwrap()).collect();
    assert!(results.iter().all(|result| result["isError"] == true), "{results:?}");
    assert_eq!(texts[0], "out of order");
    assert!(texts[1].contains("$.b: missing"), "{}", texts[1]);
    assert_eq!(texts[2], "there is no tool `subtract`; the tools are `add`, `fails`");
}

#[tokio::test]
async fn the_last_turn_is_for_an_answer() {
    let server = || {
        let ask = asking(|context| async move {
            Ok(context.sample("Go").tools(["add"]).turns(3).await?.text().into())
        });
        Server::builder("demo").tools([ask, add()]).build().unwrap()
    };
    let again = || uses([("1", "add", json!({ "a": 2, "b": 3 }))]);
    let (answer, asked) = call_both(server, &[again(), again(), says("five")]).await;
    assert_eq!(answer, "five");
    let choices: Vec<_> = asked.iter().map(|asked| asked["toolChoice"]["mode"].as_str()).collect();
    assert_eq!(choices, [None, None, Some("none")]);

    let (answer, asked) = call_both(server, &[again(), again(), again()]).await;
    assert_eq!(
        answer,
        "the model used tools in each of 3 turns and gave no answer (`.turns(..)` lets it go on for longer)"
    );
    assert_eq!(asked.len(), 3);
}

#[tokio::test]
async fn that_a_tool_must_be_used_holds_for_the_first_turn() {
    let server = || {
        let ask = asking(|context| async move {
            let question = context.sample("Go").tools(["add"]).tool_choice(ToolChoiceMode::Required);
            Ok(question.await?.text().into())
        });
        Server::builder("demo").tools([ask, add()]).build().unwrap()
    };
    let (_, asked) = call_both(server, &[uses([("1", "add", json!({ "a": 2, "b": 3 }))]), says("5")]).await;
    assert_eq!(asked[0]["toolChoice"]["mode"], "required");
    assert_eq!(asked[1]["toolChoice"]["mode"], "auto");
}

#[tokio::test]
async fn tools_that_the_caller_does_not_have_are_a_mistake_of_the_handler() {
    let server = || {
        let ask =
            asking(|context| async move { Ok(context.sample("Go").tools(["secret"]).await?.text().into()) });
        let secret = add().access(|_: Option<&toolwright_core::joint::Principal>| false);
        let mut secret = secret;
        secret.common_mut().name = "secret".into();
        Server::builder("demo").tools([ask, secret]).build().unwrap()
    };
    let (answer, _) = call_both(server, &[]).await;
    assert_eq!(answer, "`sample` was to use the tool `secret`, which this caller does not have");
}

#[tokio::test]
async fn a_model_that_uses_tools_it_was_not_given_is_refused() {
    let server = || {
        let ask = asking(|context| async move { Ok(context.sample("Go").await?.text().into()) });
        Server::builder("demo").tools([ask, add()]).build().unwrap()
    };
    let (answer, _) = call_both(server, &[uses([("1", "add", json!({ "a": 2, "b": 3 }))])]).await;
    assert_eq!(answer, "the client's answer cannot be used: its model uses tools that it was not given");
}

#[derive(Debug, Deserialize, JsonSchema)]
struct Review {
    #[schemars(range(min = 1, max = 5))]
    stars: u8,
}

fn rating() -> Server {
    let ask = asking(|context| async move {
        let review: Review = context.sample("Rate it.").data().await?;
        Ok(json!({ "stars": review.stars }))
    });
    Server::builder("demo").tool(ask).build().unwrap()
}

#[tokio::test]
async fn data_is_given_by_a_tool_that_says_what_it_looks_like() {
    let (answer, asked) = call_both(rating, &[uses([("1", "final_answer", json!({ "stars": 4 }))])]).await;
    assert_eq!(answer, json!({ "stars": 4 }));
    assert_eq!(asked[0]["tools"][0]["name"], "final_answer");
    assert_eq!(asked[0]["tools"][0]["inputSchema"]["properties"]["stars"]["maximum"], 5);
    assert_eq!(asked[0]["toolChoice"]["mode"], "required");
    assert_eq!(asked[0]["messages"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn data_that_does_not_fit_gets_a_second_chance_and_no_third() {
    let wrong = || uses([("1", "final_answer", json!({ "stars": 9 }))]);
    let right = uses([("2", "final_answer", json!({ "stars": 5 }))]);
    let (answer, asked) = call_both(rating, &[wrong(), right]).await;
    assert_eq!(answer, json!({ "stars": 5 }));
    let result = &asked[1]["messages"][2]["content"][0];
    assert_eq!((&result["toolUseId"], &result["isError"]), (&json!("1"), &json!(true)));
    let told = result["content"][0]["text"].as_str().unwrap();
    assert!(told.contains("`$.stars`") && told.ends_with("call it again"), "{told}");

    let (answer, asked) = call_both(rating, &[wrong(), wrong()]).await;
    assert!(
        answer
            .as_str()
            .unwrap()
            .starts_with("the model gave no answer of the form that was asked for: `$.stars`")
    );
    assert_eq!(asked.len(), 2);
}

#[tokio::test]
async fn data_in_words_is_asked_for_again_by_the_tool() {
    let right = uses([("2", "final_answer", json!({ "stars": 5 }))]);
    let (answer, asked) = call_both(rating, &[says("five stars"), right]).await;
    assert_eq!(answer, json!({ "stars": 5 }));
    assert_eq!(asked[1]["messages"][2]["content"]["text"], "Give the answer by calling `final_answer`.");
}

#[tokio::test]
async fn data_can_follow_the_use_of_tools() {
    let server = || {
        let ask = asking(|context| async move {
            let sum: i64 = context.sample("2 + 3?").tools(["add"]).data().await?;
            Ok(json!({ "sum": sum }))
        });
        Server::builder("demo").tools([ask, add()]).build().unwrap()
    };
    let says = [
        uses([("1", "add", json!({ "a": 2, "b": 3 }))]),
        uses([("2", "final_answer", json!({ "result": 5 }))]),
    ];
    let (answer, asked) = call_both(server, &says).await;
    assert_eq!(answer, json!({ "sum": 5 }));
    assert_eq!(asked[0]["toolChoice"], Value::Null, "it may look around first");
}

#[tokio::test]
async fn clients_without_tools_are_asked_for_data_as_text() {
    for revision in ["2025-06-18", "2025-11-25", "2026-07-28"] {
        let model = Model::new([says("It is good."), says("```json\n{\"stars\": 3}\n```")]);
        let answer = call(&rating().asking(model.clone()), revision, json!({ "sampling": {} })).await;
        assert_eq!(answer, json!({ "stars": 3 }), "{revision}");
        let asked = model.asked();
        assert_eq!(asked[0]["tools"], Value::Null);
        let instructions = asked[0]["messages"][1]["content"]["text"].as_str().unwrap();
        assert!(instructions.contains(r#""maximum":5"#), "{instructions}");
        let told = asked[1]["messages"][3]["content"]["text"].as_str().unwrap();
        assert!(told.starts_with("That does not fit: this is no JSON"), "{told}");
    }
}

/// A server whose own model says these things.
fn with_fallback(model: &Answers) -> Server {
    let ask = asking(|context| async move {
        Ok(json!({
            "supports": context.supports(toolwright_server::component::Requirement::Sampling),
            "text": context.sample("2 + 3?").tools(["add"]).await?.text(),
        }))
    });
    let ask = ask.requires([toolwright_server::component::Requirement::Sampling]);
    Server::builder("demo").tools([ask, add()]).sampling_fallback(model.clone()).build().unwrap()
}

#[tokio::test]
async fn a_fallback_answers_for_clients_that_cannot_even_with_tools() {
    for (revision, capabilities) in [
        ("2024-11-05", json!({})),
        ("2025-06-18", json!({ "sampling": {} })),
        ("2025-11-25", json!({})),
        ("2025-11-25", json!({ "sampling": {} })),
        ("2026-07-28", json!({})),
    ] {
        let model = Answers::default().result(uses([("1", "add", json!({ "a": 2, "b": 3 }))])).text("five");
        let answer = call(&with_fallback(&model), revision, capabilities).await;
        assert_eq!(answer, json!({ "supports": true, "text": "five" }), "{revision}");
        assert_eq!(model.asked().len(), 2);
        assert_eq!(model.asked()[1].messages.len(), 3);
    }
}

#[tokio::test]
async fn a_client_that_can_is_asked_and_not_the_fallback() {
    let model = Answers::default();
    let asking = with_fallback(&model).asking(Model::new([says("5")]));
    let answer = call(&asking, "2025-11-25", json!({ "sampling": { "tools": {} } })).await;
    assert_eq!(answer["text"], "5");
    assert!(model.asked().is_empty());
}

#[tokio::test]
async fn a_fallback_that_fails_is_an_error_of_the_tool() {
    let answer = call(&with_fallback(&Answers::default()), "2025-11-25", json!({})).await;
    assert_eq!(answer, "the model has no more answers");
}

#[tokio::test]
async fn without_a_fallback_a_client_that_cannot_is_told_so() {
    let ask = || {
        let ask =
            asking(|context| async move { Ok(context.sample("Go").tools(["add"]).await?.text().into()) });
        Server::builder("demo").tools([ask, add()]).build().unwrap()
    };
    let answer = call(&ask(), "2025-11-25", json!({ "sampling": {} })).await;
    assert_eq!(
        answer,
        r#"the client cannot answer this question: it did not declare {"sampling":{"tools":{}}}"#
    );
    let answer = call(&ask(), "2026-07-28", json!({ "sampling": {} })).await;
    assert_eq!(answer["code"], -32021);
}

#[tokio::test]
async fn tools_run_one_after_the_other() {
    static RUNNING: AtomicU32 = AtomicU32::new(0);
    let server = || {
        let slow = Tool::new("slow").handler(async |_: Context| {
            let others = RUNNING.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            RUNNING.fetch_sub(1, Ordering::SeqCst);
            others
        });
        let ask =
            asking(|context| async move { Ok(context.sample("Go").tools(["slow"]).await?.text().into()) });
        Server::builder("demo").tools([ask, slow]).build().unwrap()
    };
    let (_, asked) =
        call_both(server, &[uses([("1", "slow", json!({})), ("2", "slow", json!({}))]), says("done")]).await;
    for result in asked[1]["messages"][2]["content"].as_array().unwrap() {
        assert_eq!(result["content"][0]["text"], "0");
    }
}
