//! The checker finds handlers that are not written once.
use std::future::ready;

use serde_json::json;
use toolwright_core::{
    jsonrpc::RpcError,
    model::{CallToolResult, ContentBlock, ElicitResult},
};
use toolwright_server::{Context, HandlerError, Server, ServerBuilder, Tool};
use toolwright_testing::{
    Effects, Script, WriteOnce,
    write_once::{Differences, Report, Setting},
};

/// A server with one tool, which is told whether its client has a session.
fn serving(
    run: impl Fn(Context, bool) -> Result<String, HandlerError> + Clone + Send + Sync + 'static,
) -> ServerBuilder {
    Server::builder("test").tool(Tool::new("act").raw_handler(move |context: Context, _| {
        let in_session = !context.revision().era().is_stateless();
        let result = run(context, in_session);
        ready(result.map(|text| CallToolResult::new([ContentBlock::text(text)])))
    }))
}

async fn compare(
    run: impl Fn(&Effects, &Context, bool) -> Result<String, HandlerError> + Clone + Send + Sync + 'static,
) -> Result<Report, Differences> {
    WriteOnce::tool("act", json!({}))
        .compare(move |effects| {
            let run = run.clone();
            serving(move |context, in_session| run(&effects, &context, in_session))
        })
        .await
}

/// The only difference in each setting that is not the first, without its setting.
async fn difference(
    run: impl Fn(&Effects, &Context, bool) -> Result<String, HandlerError> + Clone + Send + Sync + 'static,
) -> (String, String, String) {
    let differences = compare(run).await.unwrap_err();
    let found = differences.all();
    let modern: Vec<_> = Setting::ALL.iter().filter(|setting| !setting.is_legacy()).collect();
    assert_eq!(found.iter().map(|each| &each.setting).collect::<Vec<_>>(), modern, "{differences}");
    let parts: Vec<_> =
        found.iter().map(|each| (each.what.clone(), each.expected.clone(), each.got.clone())).collect();
    assert!(parts.iter().all(|each| *each == parts[0]), "{differences}");
    parts[0].clone()
}

#[tokio::test]
async fn a_call_that_is_the_same_everywhere_passes() {
    let report = compare(|effects, context, _| {
        effects.exactly_once("charge");
        effects.at_least_once("look");
        context.progress(1, 2);
        Ok("done".to_owned())
    })
    .await
    .unwrap();
    assert_eq!(report.text(), "done");
    assert_eq!(report.answer()["content"], json!([{ "type": "text", "text": "done" }]));
    assert_eq!(report.runs().iter().map(|run| run.setting()).collect::<Vec<_>>(), Setting::ALL);
    for run in report.runs() {
        assert_eq!((run.effect("charge"), run.effect("look"), run.effect("other")), (1, 1, 0));
        assert_eq!(run.progress(), ["1 of 2"]);
        assert!(run.questions().is_empty());
    }
}

#[tokio::test]
async fn another_answer_is_found() {
    let (what, expected, got) =
        difference(|_, _, in_session| Ok(if in_session { "a" } else { "b" }.to_owned())).await;
    assert_eq!(what, "the answer");
    assert_eq!(expected, r#"{"content":[{"type":"text","text":"a"}]}"#);
    assert_eq!(got, r#"{"content":[{"type":"text","text":"b"}]}"#);
}

#[tokio::test]
async fn an_error_instead_of_an_answer_is_found() {
    let fails = |_: &Effects, _: &Context, in_session| {
        if in_session { Ok("a".to_owned()) } else { Err(HandlerError::rpc(RpcError::internal_error("no"))) }
    };
    let (what, _, got) = difference(fails).await;
    assert_eq!((&*what, &*got), ("the answer", r#"{"error":"no"}"#));
}

#[tokio::test]
async fn an_effect_that_is_repeated_though_it_must_not_is_found() {
    let repeats = |effects: &Effects, _: &Context, in_session| {
        (0..if in_session { 1 } else { 2 }).for_each(|_| effects.exactly_once("charge"));
        Ok(String::new())
    };
    let found = difference(repeats).await;
    assert_eq!(found, ("the effect `charge`".into(), "exactly once".into(), "twice".into()));
}

#[tokio::test]
async fn an_effect_that_happens_in_some_settings_only_is_found() {
    let forgets = |effects: &Effects, _: &Context, in_session| {
        if in_session {
            effects.exactly_once("charge");
        }
        Ok(String::new())
    };
    let found = difference(forgets).await;
    assert_eq!(found, ("the effect `charge`".into(), "exactly once".into(), "never".into()));
    let invents = |effects: &Effects, _: &Context, in_session: bool| {
        if !in_session {
            effects.exactly_once("charge");
        }
        Ok(String::new())
    };
    let found = difference(invents).await;
    assert_eq!(found, ("the effect `charge`".into(), "never".into(), "once".into()));
    let forgets = |effects: &Effects, _: &Context, in_session| {
        if in_session {
            effects.at_least_once("look");
        }
        Ok(String::new())
    };
    let found = difference(forgets).await;
    assert_eq!(found, ("the effect `look`".into(), "at least once".into(), "never".into()));
}

#[tokio::test]
async fn an_effect_that_may_be_repeated_may_be_repeated_for_stateless_clients() {
    let repeats = |effects: &Effects, _: &Context, in_session| {
        (0..if in_session { 1 } else { 3 }).for_each(|_| effects.at_least_once("look"));
        Ok(String::new())
    };
    let report = compare(repeats).await.unwrap();
    assert_eq!(report.run(Setting::Legacy).effect("look"), 1);
    assert_eq!(report.run(Setting::Fleet).effect("look"), 3);
}

#[tokio::test]
async fn other_progress_is_found() {
    let reports = |_: &Effects, context: &Context, in_session| {
        context.progress(1, 2);
        if in_session {
            context.progress(2, 2);
        }
        Ok(String::new())
    };
    let found = difference(reports).await;
    assert_eq!(found, ("the progress".into(), "1 of 2 | 2 of 2".into(), "1 of 2".into()));
}

#[tokio::test]
async fn answers_that_nobody_asks_for_are_found() {
    let differences = WriteOnce::tool("act", json!({}))
        .answers(|| Script::new().elicit(ElicitResult::decline()))
        .only([Setting::Modern])
        .compare(|_| serving(|_, _| Ok(String::new())))
        .await
        .unwrap_err();
    assert_eq!(
        differences.to_string(),
        "modern in process: the questions\n  expected: as many as the script has answers\n  got:      \
         the server did not ask for 1 answers of the script"
    );
}

#[tokio::test]
#[should_panic(
    expected = "legacy in process: the effect `charge`\n  expected: exactly once\n  got:      twice"
)]
async fn a_check_that_fails_panics_with_what_is_unlike() {
    let twice = |effects: Effects| {
        serving(move |_, _| {
            (0..2).for_each(|_| effects.exactly_once("charge"));
            Ok(String::new())
        })
    };
    WriteOnce::tool("act", json!({})).only([Setting::Legacy]).check(twice).await;
}

#[tokio::test]
async fn answers_by_text_go_to_the_form_with_that_text() {
    let script = || {
        Script::new()
            .elicit_about("Row", ElicitResult::accept([("value", "B")]))
            .elicit_about("Seat", ElicitResult::accept([("value", "7")]))
    };
    let ask = Tool::new("act").handler(|context: Context| async move {
        let seat: String = context.elicit("Seat?").await?.accepted()?;
        let row: String = context.elicit("Row?").await?.accepted()?;
        Ok::<_, HandlerError>(format!("{row}{seat}"))
    });
    let report = WriteOnce::tool("act", json!({}))
        .answers(script)
        .only([Setting::Legacy])
        .check(|_| Server::builder("test").tool(ask.clone()))
        .await;
    assert_eq!(report.text(), "B7");
    assert_eq!(report.runs()[0].questions(), ["form: Row?", "form: Seat?"]);
}
