use serde_json::{Value, json};
use toolwright_client::Client;
use toolwright_core::{
    era::Revision,
    model::{CreateMessageResult, ElicitResult, Root, SamplingContent},
};
use toolwright_testing::{Asked, Eras, Script};

use crate::double::Double;

fn form() -> Value {
    json!({ "message": "Row?", "requestedSchema": { "type": "object", "properties": {} } })
}

/// Asks what the arguments say, one after the other, and returns the results.
fn asking() -> Double {
    Double::new(|call| async move {
        let mut results = Vec::new();
        for question in call.message["params"]["arguments"]["questions"].as_array()? {
            let response = call.ask(question[0].as_str()?, question[1].clone()).await;
            results
                .push(response.get("result").cloned().unwrap_or_else(|| response["error"]["code"].clone()));
        }
        call.result(json!({ "content": [], "structuredContent": { "result": results } }))
    })
}

async fn answers(script: &Script, questions: Value) -> Vec<Value> {
    let client =
        script.install(Client::builder().era(Revision::V2025_11_25)).connect(asking()).await.unwrap();
    client.call("x", json!({ "questions": questions })).await.unwrap().data().unwrap()
}

#[tokio::test]
async fn answers_are_given_in_their_order_and_questions_kept() {
    let script = Script::new()
        .elicit(ElicitResult::accept([("row", "B")]))
        .elicit(ElicitResult::decline())
        .sample(CreateMessageResult::new("m", SamplingContent::text("t")))
        .roots([Root::new("file:///a")]);
    let sample = json!({ "messages": [], "maxTokens": 1 });
    let questions = json!([
        ["elicitation/create", form()],
        ["sampling/createMessage", sample],
        ["elicitation/create", form()],
        ["roots/list", {}],
    ]);
    let answers = answers(&script, questions).await;
    assert_eq!(answers[0], json!({ "action": "accept", "content": { "row": "B" } }));
    assert_eq!(answers[1]["model"], "m");
    assert_eq!(answers[2], json!({ "action": "decline" }));
    assert_eq!(answers[3], json!({ "roots": [{ "uri": "file:///a" }] }));
    script.finish();
    let asked = script.asked();
    assert!(
        matches!(&asked[..], [Asked::Form(form), Asked::Sample(_), Asked::Form(_), Asked::Roots] if form.message == "Row?")
    );
}

#[tokio::test]
async fn a_kind_without_answers_is_not_declared() {
    let script = Script::new().roots([]);
    assert_eq!(answers(&script, json!([["elicitation/create", form()]])).await, [json!(-32601)]);
    script.finish();
}

#[tokio::test]
#[should_panic(expected = "the server asked 1 times more than the script has answers")]
async fn too_many_questions_fail_at_the_end() {
    let script = Script::new().elicit(ElicitResult::decline());
    let question = json!(["elicitation/create", form()]);
    let answers = answers(&script, json!([question, question])).await;
    assert_eq!(answers[1], json!({ "action": "cancel" }));
    script.finish();
}

#[test]
#[should_panic(expected = "the server did not ask for 2 answers of the script")]
fn too_few_questions_fail_at_the_end() {
    Script::new().elicit(ElicitResult::decline()).elicit_url(ElicitResult::decline()).finish();
}

#[tokio::test]
async fn a_script_serves_one_client_after_the_other() {
    let script = (0..4).fold(Script::new(), |script, _| script.elicit(ElicitResult::decline()));
    let install = script.clone();
    Eras::new(asking())
        .only(Revision::ALL.into_iter().filter(|revision| !revision.era().is_stateless()))
        .client(move || install.install(Client::builder()))
        .run(async |client: Client| {
            client.call("x", json!({ "questions": [["elicitation/create", form()]] })).await.unwrap();
        })
        .await;
    script.finish();
}
