//! Handlers that ask behave alike in sessions, for stateless clients and in fleets, whatever goes wrong there.
mod components;
mod faults;
mod layers;
mod questions;
mod samples;
mod steps;
mod urls;

use toolwright::{
    core::model::{ElicitResult, ElicitValue},
    prelude::*,
    testing::{
        Script, WriteOnce,
        write_once::{Fault, Report},
    },
};

/// Calls the first of these tools in each setting.
async fn call(tools: impl IntoIterator<Item = Tool>, answers: impl Fn() -> Script + 'static) -> Report {
    let tools: Vec<_> = tools.into_iter().collect();
    WriteOnce::tool(tools[0].common().name.clone(), json!({}))
        .answers(answers)
        .faults(Fault::ALL)
        .check(|effects| Server::builder("test").state(effects).tools(tools.clone()))
        .await
}

/// What stands at the start of each handler here, to see how often it ran.
const RUN: &str = "run";

/// Says how often the handler ran in each setting: once in sessions, `rounds` times for stateless clients.
fn assert_rounds(report: &Report, rounds: usize) {
    for run in report.runs() {
        let expected = if run.setting().is_legacy() { 1 } else { rounds };
        assert_eq!(run.effect(RUN), expected, "{}", run.setting());
    }
}

/// The answer to a form of one field.
fn value(value: impl Into<ElicitValue>) -> ElicitResult {
    ElicitResult::accept([("value", value)])
}

/// Answers to forms of one text field, in their order.
fn texts<const N: usize>(texts: [&'static str; N]) -> impl Fn() -> Script {
    move || texts.into_iter().fold(Script::new(), |script, each| script.elicit(value(each)))
}
