//! Questions to the client's model.
use toolwright::{
    core::model::{CreateMessageResult, SamplingContent},
    prelude::*,
    testing::{Effects, Script},
};

use super::{RUN, assert_rounds, call};

fn says(text: &str) -> CreateMessageResult {
    CreateMessageResult::new("model", SamplingContent::text(text))
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
