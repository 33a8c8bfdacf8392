use toolwright_core::{
    jsonrpc::RpcError,
    model::{CompleteParams, CompleteResult, Completion as Values, CompletionReference},
};

use super::{failure, found};
use crate::{
    Call, Reply, ServerResult,
    arguments::Variables,
    component::{CompletionTarget, ComponentKey, Kind},
};

/// Most values of one answer ("Completion", "Response").
const MOST: usize = 100;

/// `completion/complete`.
pub(super) async fn complete(call: &Call) -> Reply {
    let CompleteParams { r#ref: reference, argument, context: chosen, .. } = match call.params() {
        Ok(params) => params,
        Err(error) => return error.into(),
    };
    let (kind, name) = match reference {
        CompletionReference::Prompt(prompt) => (Kind::Prompt, prompt.name),
        CompletionReference::Resource(template) => (Kind::Template, template.uri),
        other => return RpcError::invalid_params(format!("unknown reference {other:?}")).into(),
    };
    let target = CompletionTarget { kind, name, argument: argument.name };
    let key = ComponentKey::new(kind, &target.name);
    let caller = found::caller(&call.context);
    let snapshot = call.context.engine().snapshot();
    let completion = match snapshot.completion(&target, &caller).await {
        Ok(completion) => completion,
        Err(error) => {
            return found::missing(&call.context, error, || {
                RpcError::invalid_params(format!("unknown {kind} `{}`", target.name))
            })
            .into();
        }
    };
    drop(snapshot);
    let chosen = chosen.and_then(|chosen| chosen.arguments).unwrap_or_default();
    let running = completion.and_then(|completion| {
        completion.complete(call.context.clone(), argument.value, Variables::new(chosen))
    });
    // Nothing to suggest is an answer, too.
    let Some(running) = running else { return answer(Vec::new()) };
    match running.await {
        Ok(values) => answer(values),
        Err(error) => failure::as_rpc(&call.context, &key, &target.name, &error).into(),
    }
}

fn answer(mut values: Vec<String>) -> Reply {
    let total = values.len();
    values.truncate(MOST);
    let mut completion = Values::new(values);
    completion.total = u64::try_from(total).ok();
    completion.has_more = Some(total > MOST);
    ServerResult::Complete(Box::new(CompleteResult::new(completion))).into()
}
