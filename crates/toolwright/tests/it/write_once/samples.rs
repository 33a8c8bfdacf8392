//! Questions to the client's model.
use toolwright::{
    core::model::{CreateMessageResult, JsonObject, SamplingContent, ToolUseContent},
    prelude::*,
    testing::{Effects, Script},
};

use super::{RUN, assert_rounds, call, value};

fn says(text: &str) -> CreateMessageResult {
    CreateMessageResult::new("model", SamplingContent::text(text))
}

fn uses(id: &str, tool: &str, city: &str) -> CreateMessageResult {
    let mut input = JsonObject::new();
    input.insert("city".into(), city.into());
    let wanted = ToolUseContent::new(id, tool, input);
    CreateMessageResult::new("model", SamplingContent::ToolUse(wanted))
}

#[tool]
async fn twice(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let draft = ctx.sample("Write a poem.").max_tokens(50).await?.text();
    Ok(ctx.sample(format!("Shorten: {draft}")).await?.text())
}

#[tokio::test]
async fn an_answer_of_the_model_in_the_next_question() {
    let answers = || Script::new().sample(says("roses are red")).sample(says("roses"));
    let report = call(tools![twice], answers).await;
    assert_eq!(report.text(), "roses");
    assert_rounds(&report, 3);
}

#[tool]
fn forecast(effects: State<Effects>, city: String) -> String {
    effects.exactly_once(format!("forecast for {city}"));
    format!("rain in {city}")
}

#[tool]
async fn pack(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let advice = ctx.sample("What should one wear?").tools(["forecast"]).await?.text();
    let sure = ctx.confirm(format!("Pack {advice}?")).await?;
    Ok(format!("{advice}: {sure}"))
}

#[tokio::test]
async fn tools_that_the_model_uses_run_once() {
    let answers = || {
        Script::new()
            .sample(uses("1", "forecast", "Rome"))
            .sample(uses("2", "forecast", "Oslo"))
            .sample(says("a coat"))
            .elicit(value(true))
    };
    let report = call(tools![pack, forecast], answers).await;
    assert_eq!(report.text(), "a coat: true");
    for run in report.runs() {
        assert_eq!(
            (run.effect("forecast for Rome"), run.effect("forecast for Oslo")),
            (1, 1),
            "{}",
            run.setting()
        );
    }
    assert_rounds(&report, 5);
}
