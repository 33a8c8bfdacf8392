//! Layers ask like handlers.
use toolwright::{
    core::{
        jsonrpc::RpcError,
        model::{ElicitResult, Method},
    },
    prelude::*,
    testing::{Effects, Script, WriteOnce, write_once::Report},
};

use super::{Fault, RUN, assert_rounds, value};

#[tool]
async fn delete(ctx: &Context, effects: State<Effects>) -> Result<String, HandlerError> {
    effects.at_least_once(RUN);
    let what: String = ctx.elicit("What?").await?.accepted()?;
    Ok(format!("deleted {what}"))
}

/// Nothing happens without consent.
async fn consent(call: Call, next: Next) -> Reply {
    if *call.method() != Method::CallTool {
        return next.run(call).await;
    }
    match call.context().confirm("May the model do this?").await {
        Ok(true) => next.run(call).await,
        Ok(false) => RpcError::invalid_params("the user does not want this").into(),
        Err(error) => RpcError::internal_error(error.to_string()).into(),
    }
}

async fn called(script: impl Fn() -> Script + 'static) -> Report {
    WriteOnce::tool("delete", json!({}))
        .answers(script)
        .faults(Fault::ALL)
        .check(|effects| Server::builder("test").state(effects).layer(consent).tools(tools![delete]))
        .await
}

#[tokio::test]
async fn a_layer_that_asks_before_the_handler_does() {
    let report = called(|| Script::new().elicit(value(true)).elicit(value("all"))).await;
    assert_eq!(report.text(), "deleted all");
    assert_rounds(&report, 2);
    let report = called(|| Script::new().elicit(ElicitResult::decline())).await;
    assert_eq!(report.text(), "the user does not want this");
    assert_eq!(report.runs()[0].effect(RUN), 0);
}
