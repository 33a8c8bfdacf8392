//! Questions to the user, in every order.
use toolwright::{
    core::model::{CreateMessageResult, ElicitAction, ElicitResult, Root, SamplingContent},
    prelude::*,
    question::Elicited,
    testing::{Effects, Script},
};

use super::{RUN, assert_rounds, call, texts, value};

#[tool]
async fn one_after_the_other(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let row: String = ctx.elicit("Which row?").await?.accepted()?;
    ctx.progress(1, 2);
    let seat: u8 = ctx.elicit(format!("Which seat in row {row}?")).await?.accepted()?;
    ctx.progress(2, 2);
    Ok(format!("{row}{seat}"))
}

#[tokio::test]
async fn questions_one_after_the_other() {
    let answers = || Script::new().elicit(value("B")).elicit(value(7));
    let report = call(tools![one_after_the_other], answers).await;
    assert_eq!(report.text(), "B7");
    assert_eq!(report.runs()[0].progress(), ["1 of 2", "2 of 2"]);
    assert_rounds(&report, 3);
}

#[tool]
async fn at_the_same_time(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let (row, seat, greeting, roots) = tokio::try_join!(
        ctx.elicit::<String>("Which row?"),
        ctx.elicit::<u8>("Which seat?"),
        ctx.sample("Greet the guest."),
        ctx.roots(),
    )?;
    let (row, seat) = (row.accepted()?, seat.accepted()?);
    Ok(format!("{}: {row}{seat} in {}", greeting.text(), roots[0].uri))
}

#[tokio::test]
async fn questions_at_the_same_time_are_one_round() {
    let answers = || {
        Script::new()
            .elicit_about("seat", value(7))
            .elicit_about("row", value("B"))
            .sample(CreateMessageResult::new("model", SamplingContent::text("Hello")))
            .roots([Root::new("file:///home")])
    };
    let report = call(tools![at_the_same_time], answers).await;
    assert_eq!(report.text(), "Hello: B7 in file:///home");
    assert_rounds(&report, 2);
}

#[tool]
async fn the_same_at_the_same_time(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let ask = || ctx.elicit::<String>("Another guest?");
    let (one, two) = tokio::try_join!(ask(), ask())?;
    Ok(format!("{} and {}", one.accepted()?, two.accepted()?))
}

#[tokio::test]
async fn equal_questions_at_the_same_time_are_two() {
    let report = call(tools![the_same_at_the_same_time], texts(["Ada", "Ada"])).await;
    assert_eq!(report.text(), "Ada and Ada");
    assert_rounds(&report, 2);
}

#[tool]
async fn until_enough(ctx: &Context, effects: State<Effects>) -> Result<Vec<String>, HandlerError> {
    effects.at_least_once(RUN);
    let mut guests = Vec::new();
    loop {
        match ctx.elicit::<String>("Another guest?").await? {
            Elicited::Accepted(guest) => guests.push(guest),
            _ => return Ok(guests),
        }
    }
}

#[tokio::test]
async fn the_same_question_until_it_is_enough() {
    let answers = || texts(["Ada", "Alan", "Ada"])().elicit(ElicitResult::decline());
    let report = call(tools![until_enough], answers).await;
    assert_eq!(report.answer()["structuredContent"], json!(["Ada", "Alan", "Ada"]));
    assert_rounds(&report, 5);
}

#[tool]
async fn depending_on_answers(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let kind: String = ctx.elicit("Train or plane?").await?.accepted()?;
    if kind == "plane" {
        let bags: u8 = ctx.elicit("How many bags?").await?.accepted()?;
        return Ok(format!("a plane with {bags} bags"));
    }
    let quiet = ctx.confirm("In the quiet zone?").await?;
    let class: String = ctx.elicit("Which class?").await?.accepted()?;
    Ok(format!("a train, quiet: {quiet}, class {class}"))
}

#[tokio::test]
async fn questions_that_depend_on_answers() {
    let plane = || Script::new().elicit(value("plane")).elicit(value(2));
    let report = call(tools![depending_on_answers], plane).await;
    assert_eq!(report.text(), "a plane with 2 bags");
    assert_rounds(&report, 3);
    let train = || Script::new().elicit(value("train")).elicit(value(true)).elicit(value("1"));
    let report = call(tools![depending_on_answers], train).await;
    assert_eq!(report.text(), "a train, quiet: true, class 1");
    assert_rounds(&report, 4);
}

#[tool]
async fn with_a_way_out(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    Ok(match ctx.elicit::<String>("Which row?").await? {
        Elicited::Accepted(row) => row,
        Elicited::Declined => ctx.elicit("Any row that you do not like?").await?.accepted()?,
        _ => "any".to_owned(),
    })
}

#[tokio::test]
async fn a_user_who_declines_or_cancels() {
    let declines = || Script::new().elicit(ElicitResult::decline()).elicit(value("A"));
    let report = call(tools![with_a_way_out], declines).await;
    assert_eq!(report.text(), "A");
    assert_rounds(&report, 3);
    let cancels = || Script::new().elicit(ElicitResult::cancel());
    let report = call(tools![with_a_way_out], cancels).await;
    assert_eq!(report.text(), "any");
    assert_rounds(&report, 2);
    let declines_twice = || Script::new().elicit(ElicitResult::decline()).elicit(ElicitResult::decline());
    let report = call(tools![with_a_way_out], declines_twice).await;
    assert_eq!(report.answer()["isError"], true);
    assert_eq!(report.text(), "the user declined to answer");
}

#[tool]
async fn for_a_number(ctx: &Context, effects: State<Effects>) -> Result<u8, HandlerError> {
    effects.at_least_once(RUN);
    ctx.elicit("Which seat?").await?.accepted()
}

#[tokio::test]
async fn an_answer_that_is_invalid_is_asked_for_again() {
    let answers = || Script::new().elicit(value("the best")).elicit(value(1000)).elicit(value(7));
    let report = call(tools![for_a_number], answers).await;
    assert_eq!(report.text(), "7");
    assert_rounds(&report, 4);
}

#[tokio::test]
async fn answers_that_stay_invalid_are_told_to_the_caller() {
    let answers =
        || (0..3).fold(Script::new(), |script, _| script.elicit(ElicitResult::accept([("row", "B")])));
    let report = call(tools![for_a_number], answers).await;
    assert_eq!(report.answer()["isError"], true);
    assert!(report.text().starts_with("the client's answer cannot be used: "), "{}", report.text());
    assert_rounds(&report, 4);
}

#[tool]
async fn for_a_number_or_none(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let seat = ctx.elicit::<u8>("Which seat?").await;
    let sure = ctx.confirm("Sure?").await?;
    Ok(format!("{} {sure}", seat.is_ok()))
}

#[tokio::test]
async fn a_handler_that_goes_on_without_a_valid_answer() {
    let answers = || (0..3).fold(Script::new(), |script, _| script.elicit(value("?"))).elicit(value(true));
    let report = call(tools![for_a_number_or_none], answers).await;
    assert_eq!(report.text(), "false true");
    assert_rounds(&report, 5);
}

#[tool]
async fn with_consent(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let sure = ctx.confirm("Sure?").await?;
    let really = sure && ctx.confirm("Really?").key("really").await?;
    Ok(format!("{sure} {really}"))
}

#[tokio::test]
async fn consent() {
    let report = call(tools![with_consent], || Script::new().elicit(value(true)).elicit(value(true))).await;
    assert_eq!(report.text(), "true true");
    assert_rounds(&report, 3);
    let report = call(tools![with_consent], || Script::new().elicit(ElicitResult::decline())).await;
    assert_eq!(report.text(), "false false");
    assert_rounds(&report, 2);
}

#[tool]
async fn where_the_client_works(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let roots = ctx.roots().await?;
    let again = ctx.roots().await?;
    Ok(format!("{} {}", roots[0].uri, again.len()))
}

#[tokio::test]
async fn roots_are_there_as_often_as_a_handler_asks() {
    let answers = || Script::new().roots([Root::new("file:///a"), Root::new("file:///b")]);
    let report = call(tools![where_the_client_works], answers).await;
    assert_eq!(report.text(), "file:///a 2");
    assert_rounds(&report, 3);
}

#[tool]
async fn at_a_url(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let visit = ctx.elicit_url("Please sign in", |link| format!("https://app.example/login?state={link}"));
    let agreed = matches!(visit.await?, Elicited::Accepted(()));
    let name: String = ctx.elicit("And your name?").await?.accepted()?;
    Ok(format!("{name} agreed: {agreed}"))
}

#[tokio::test]
async fn a_url_to_be_opened() {
    let answers = || Script::new().elicit_url(ElicitResult::new(ElicitAction::Accept)).elicit(value("Ada"));
    let report = call(tools![at_a_url], answers).await;
    assert_eq!(report.text(), "Ada agreed: true");
    assert_rounds(&report, 3);
}

#[tool]
async fn from_a_task(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let context = ctx.clone();
    let asking = tokio::spawn(async move { context.elicit::<String>("Which row?").await?.accepted() });
    asking.await?
}

#[tokio::test]
async fn a_question_from_a_task_of_its_own_is_an_error_everywhere() {
    let report = call(tools![from_a_task], Script::new).await;
    assert_eq!(report.answer()["isError"], true);
    assert_eq!(
        report.text(),
        "the client cannot be asked here: questions are for the handler itself to ask, not for a task that it spawned nor for one \
         that blocks its thread"
    );
    assert_rounds(&report, 1);
}
