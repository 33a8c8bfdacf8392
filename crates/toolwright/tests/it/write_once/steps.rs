//! Steps with effects, before, between and after questions.
use std::sync::Mutex;

use toolwright::{
    core::model::ElicitResult,
    prelude::*,
    testing::{Effects, Script},
};

use super::{RUN, assert_rounds, call, texts, value};

#[tool]
async fn before_and_after(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let reserved: u32 = ctx
        .once("reserve", |_| async {
            effects.exactly_once("reserve");
            Ok::<_, HandlerError>(7)
        })
        .await?;
    let row: String = ctx.elicit("Which row?").await?.accepted()?;
    let paid: String = ctx
        .once("charge", |_| async {
            effects.exactly_once("charge");
            tokio::task::yield_now().await;
            Ok::<_, HandlerError>(format!("paid for row {row}"))
        })
        .await?;
    let name: String = ctx.elicit("Your name?").await?.accepted()?;
    let ticket: String = ctx
        .once("print", |_| async {
            effects.exactly_once("print");
            Ok::<_, HandlerError>(format!("{name}, {paid}, no. {reserved}"))
        })
        .await?;
    Ok(ticket)
}

#[tokio::test]
async fn steps_before_between_and_after_questions_run_once() {
    let report = call(tools![before_and_after], texts(["B", "Ada"])).await;
    assert_eq!(report.text(), "Ada, paid for row B, no. 7");
    for run in report.runs() {
        assert_eq!(["reserve", "charge", "print"].map(|step| run.effect(step)), [1, 1, 1]);
    }
    assert_rounds(&report, 3);
}

#[tool]
async fn beside_a_question(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let step = ctx.once("reserve", |_| async {
        for _ in 0..5 {
            tokio::task::yield_now().await;
        }
        effects.exactly_once("reserve");
        Ok::<_, HandlerError>(7)
    });
    let (row, reserved) = tokio::try_join!(ctx.elicit::<String>("Which row?"), step)?;
    Ok(format!("{} {reserved}", row.accepted()?))
}

#[tokio::test]
async fn a_step_that_runs_beside_a_question_ends_before_the_question_is_asked() {
    let report = call(tools![beside_a_question], texts(["B"])).await;
    assert_eq!(report.text(), "B 7");
    assert_rounds(&report, 2);
}

#[tool]
async fn between_questions(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let booking = async {
        let row: String = ctx.elicit("Which row?").await?.accepted()?;
        let reserve = ctx.once("reserve", |_| async {
            effects.exactly_once("reserve");
            Ok::<_, HandlerError>(format!("row {row}"))
        });
        let reserved = reserve.await?;
        let name: String = ctx.elicit("In whose name?").await?.accepted()?;
        Ok::<_, HandlerError>(format!("{reserved} for {name}"))
    };
    let (booked, program) = tokio::try_join!(booking, ctx.confirm("With a program?"))?;
    Ok(format!("{booked}, program: {program}"))
}

#[tokio::test]
async fn a_step_between_questions_that_are_asked_beside_others() {
    let answers = || {
        Script::new()
            .elicit_about("row", value("B"))
            .elicit_about("program", value(true))
            .elicit_about("name", value("Ada"))
    };
    let report = call(tools![between_questions], answers).await;
    assert_eq!(report.text(), "row B for Ada, program: true");
    assert!(report.runs().iter().all(|run| run.effect("reserve") == 1));
    assert_rounds(&report, 3);
}

#[tool]
async fn that_fails(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let paid = ctx
        .once("charge", |_| async {
            effects.exactly_once("charge");
            Err::<u32, _>(HandlerError::public("the card is blocked"))
        })
        .await;
    let why = paid.unwrap_err().to_string();
    let go_on = ctx.confirm(format!("{why}. Pay cash?")).await?;
    Ok(format!("{why}, cash: {go_on}"))
}

#[tokio::test]
async fn a_step_that_failed_is_not_tried_again() {
    let report = call(tools![that_fails], || Script::new().elicit(value(true))).await;
    assert_eq!(report.text(), "the card is blocked, cash: true");
    assert_rounds(&report, 2);
}

#[tool]
async fn in_a_loop(ctx: &Context, effects: State<Effects>) -> Result<u32, HandlerError> {
    effects.at_least_once(RUN);
    let mut total = 0;
    for n in 1.. {
        if !ctx.confirm(format!("Guest {n}?")).await? {
            break;
        }
        total += ctx
            .once(format!("guest-{n}"), |_| async {
                effects.exactly_once(format!("guest {n}"));
                Ok::<_, HandlerError>(n)
            })
            .await?;
    }
    Ok(total)
}

#[tokio::test]
async fn steps_in_a_loop_have_names_of_their_own() {
    let answers =
        || (0..3).fold(Script::new(), |script, _| script.elicit(value(true))).elicit(ElicitResult::decline());
    let report = call(tools![in_a_loop], answers).await;
    assert_eq!(report.text(), "6");
    assert_rounds(&report, 5);
}

#[tool]
async fn pay(ctx: &Context, effects: State<Effects>, whom: String) -> Result<String, HandlerError> {
    let sum: String = ctx.elicit(format!("How much for {whom}?")).await?.accepted()?;
    ctx.once("pay", |_| async {
        effects.exactly_once(format!("pay {whom}"));
        Ok::<_, HandlerError>(sum)
    })
    .await
}

#[tool]
async fn pay_both(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    ctx.call_tool("pay", json!({ "whom": "Ada" })).await?;
    ctx.call_tool("pay", json!({ "whom": "Alan" })).await?;
    let sure = ctx.confirm("Print the receipts?").await?;
    Ok(format!("printed: {sure}"))
}

#[tokio::test]
async fn steps_of_tools_that_a_tool_calls_are_theirs() {
    let answers = || Script::new().elicit(value("5")).elicit(value("6")).elicit(value(true));
    let report = call(tools![pay_both, pay], answers).await;
    assert_eq!(report.text(), "printed: true");
    for run in report.runs() {
        assert_eq!((run.effect("pay Ada"), run.effect("pay Alan")), (1, 1), "{}", run.setting());
    }
    assert_rounds(&report, 4);
}

/// What handlers saw over all their runs.
static SEEN: Mutex<Vec<String>> = Mutex::new(Vec::new());

#[tool]
async fn by_chance(ctx: &Context, effects: State<Effects>) -> Result<bool, HandlerError> {
    effects.at_least_once(RUN);
    let seen = format!("{:?} {}", ctx.now(), ctx.random());
    SEEN.lock().expect("nothing panics while it holds this").push(seen.clone());
    ctx.confirm("Go on?").await?;
    let mut all = SEEN.lock().expect("nothing panics while it holds this");
    let known = all.iter().all(|each| *each == seen);
    all.clear();
    Ok(known)
}

#[tokio::test]
async fn time_and_chance_are_the_same_in_all_rounds() {
    let report = call(tools![by_chance], || Script::new().elicit(value(true))).await;
    assert_eq!(report.text(), "true");
    assert_rounds(&report, 2);
}
