//! Web pages that a user opens while the call waits for them.
use toolwright::{
    Links,
    core::model::{ElicitAction, ElicitResult},
    links::LinkError,
    prelude::*,
    store::{MemoryKeyValue, SharedKeyValue},
    testing::{Effects, Script, WriteOnce, write_once::Report},
};

use super::{Fault, RUN, assert_rounds, value};

/// The page at `https://app.example/`, which is told what to do by the path.
async fn page(links: Links, url: String) -> Result<(), LinkError> {
    let (page, link) = url.split_once("?state=").unwrap_or((&url, ""));
    let opened = links.open(link, None).await?;
    match page {
        "https://app.example/closed" => opened.fail("the account is closed").await,
        _ => opened.complete("ada@example.org").await,
    }
}

/// Calls this tool; its servers share a store, as those with pages have to.
async fn call(tools: impl IntoIterator<Item = Tool>, script: impl Fn() -> Script + 'static) -> Report {
    let tools: Vec<_> = tools.into_iter().collect();
    let store = SharedKeyValue::new(MemoryKeyValue::new());
    WriteOnce::tool(tools[0].common().name.clone(), json!({}))
        .answers(script)
        .visits(page)
        .faults(Fault::ALL)
        .check(move |effects| {
            Server::builder("accounts").store(store.clone()).state(effects).tools(tools.clone())
        })
        .await
}

fn agrees() -> ElicitResult {
    ElicitResult::new(ElicitAction::Accept)
}

#[tool]
async fn connect(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let account: String =
        ctx.elicit_url("Sign in", |link| format!("https://app.example/?state={link}")).completed().await?;
    ctx.once("connect", |key| async {
        effects.once_for(key, "connect");
        Ok::<_, HandlerError>(())
    })
    .await?;
    let name: String = ctx.elicit("And your name?").await?.accepted()?;
    Ok(format!("{name} is {account}"))
}

#[tokio::test]
async fn what_a_page_knows() {
    let report = call(tools![connect], || Script::new().elicit_url(agrees()).elicit(value("Ada"))).await;
    assert_eq!(report.text(), "Ada is ada@example.org");
    assert_eq!(report.runs()[0].questions(), ["URL: Sign in", "form: And your name?"]);
    assert!(report.runs().iter().all(|run| run.effect("connect") == 1));
    assert_rounds(&report, 3);
}

#[tokio::test]
async fn a_user_who_did_something_else_than_agree() {
    let refuses = || Script::new().elicit_url(ElicitResult::decline()).elicit(value("Ada"));
    let refused = WriteOnce::tool("refused", json!({}))
        .answers(refuses)
        .faults(Fault::ALL)
        .check(|effects| Server::builder("accounts").state(effects).tools(tools![refused]))
        .await;
    assert_eq!(refused.text(), "Ada: the user declined to answer");
    assert_rounds(&refused, 3);
}

#[tool]
async fn refused(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let url = |link: &_| format!("https://app.example/?state={link}");
    let error = ctx.elicit_url("Sign in", url).completed::<String>().await.unwrap_err();
    let name: String = ctx.elicit("And your name?").await?.accepted()?;
    Ok(format!("{name}: {error}"))
}

#[tool]
async fn closed(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    ctx.elicit_url("Sign in", |link| format!("https://app.example/closed?state={link}")).completed().await
}

#[tokio::test]
async fn a_page_that_says_that_nothing_came_of_it() {
    let report = call(tools![closed], || Script::new().elicit_url(agrees())).await;
    assert_eq!(report.text(), "the account is closed");
    assert_eq!(report.answer()["isError"], true);
    assert_rounds(&report, 2);
}

#[tool]
async fn require(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let account: String =
        ctx.elicit_url("Sign in", |link| format!("https://app.example/?state={link}")).required().await?;
    let name: String = ctx.elicit("And your name?").await?.accepted()?;
    Ok(format!("{name} is {account}"))
}

/// Clients of 2025-11-25 get an error first, and call again.
#[tokio::test]
async fn a_page_that_is_required() {
    let report = call(tools![require], || Script::new().elicit_url(agrees()).elicit(value("Ada"))).await;
    assert_eq!(report.text(), "Ada is ada@example.org");
    assert_eq!(report.runs()[0].questions(), ["URL: Sign in", "form: And your name?"]);
    for run in report.runs() {
        assert_eq!(run.effect(RUN), if run.setting().is_legacy() { 2 } else { 3 }, "{}", run.setting());
    }
}
