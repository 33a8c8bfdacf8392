//! Prompts, resources and calls of a server to itself ask like tools.
use toolwright::{
    prelude::*,
    testing::{Effects, WriteOnce},
};

use super::{Fault, RUN, assert_rounds, call, texts};

#[prompt]
async fn review(ctx: &Context, effects: State<Effects>, text: String) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let tone: String = ctx.elicit("In which tone?").await?.accepted()?;
    ctx.once("count", |_| async {
        effects.exactly_once("count");
        Ok::<_, HandlerError>(())
    })
    .await?;
    let language: String = ctx.elicit("In which language?").await?.accepted()?;
    Ok(format!("Review this in {language}, and be {tone}: {text}"))
}

#[tokio::test]
async fn a_prompt_that_asks() {
    let report = WriteOnce::prompt("review", json!({ "text": "Hi" }))
        .answers(texts(["kind", "English"]))
        .faults(Fault::ALL)
        .check(|effects| Server::builder("test").state(effects).prompts(prompts![review]))
        .await;
    assert_eq!(report.text(), "Review this in English, and be kind: Hi");
    assert_rounds(&report, 3);
}

#[resource("shows://{show}/program", mime = "text/plain")]
async fn program(ctx: &Context, effects: State<Effects>, show: &str) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let day: String = ctx.elicit("For which day?").await?.accepted()?;
    let print = ctx.once("print", |_| async {
        effects.exactly_once("print");
        Ok::<_, HandlerError>(format!("{show} on {day}"))
    });
    print.await
}

#[tokio::test]
async fn a_resource_that_asks() {
    let report = WriteOnce::resource("shows://hamlet/program")
        .answers(texts(["Monday"]))
        .faults(Fault::ALL)
        .check(|effects| Server::builder("test").state(effects).resources(resources![program]))
        .await;
    assert_eq!(report.text(), "hamlet on Monday");
    assert!(report.runs().iter().all(|run| run.effect("print") == 1));
    assert_rounds(&report, 2);
}

#[tool]
async fn seat(ctx: &Context, effects: State<Effects>, show: String) -> Result<String, HandlerError> {
    effects.at_least_once("seat");
    let row: String = ctx.elicit("Which row?").await?.accepted()?;
    Ok(format!("{show}: {row}"))
}

#[tool]
async fn evening(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let row: String = ctx.elicit("Which row?").await?.accepted()?;
    let first = ctx.call_tool("seat", json!({ "show": "hamlet" })).await?;
    let second = ctx.call_tool("seat", json!({ "show": "macbeth" })).await?;
    let text = |result: &toolwright::core::model::CallToolResult| {
        result.content[0].as_text().unwrap_or_default().to_owned()
    };
    Ok(format!("{row}, {}, {}", text(&first), text(&second)))
}

#[tokio::test]
async fn tools_that_a_tool_calls_ask_the_same_question_for_themselves() {
    let report = call(tools![evening, seat], texts(["A", "B", "C"])).await;
    assert_eq!(report.text(), "A, hamlet: B, macbeth: C");
    assert_rounds(&report, 4);
}

#[tool]
async fn both(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let (first, second) = tokio::try_join!(
        ctx.call_tool("seat", json!({ "show": "hamlet" })),
        ctx.call_tool("seat", json!({ "show": "macbeth" })),
    )?;
    Ok(format!("{} {}", first.content.len(), second.content.len()))
}

#[tokio::test]
async fn tools_that_a_tool_calls_at_the_same_time_ask_in_one_round() {
    let report = call(tools![both, seat], texts(["A", "B"])).await;
    assert_eq!(report.text(), "1 1");
    assert_rounds(&report, 2);
}
