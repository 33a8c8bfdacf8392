use std::sync::Arc;

use serde_json::Value;
use toolwright_core::jsonrpc::RpcError;

use super::{failure, found};
use crate::{
    Call, Prompt, Reply, ServerResult,
    arguments::Variables,
    journal::{self, Schema},
};

/// `prompts/get`.
pub(super) async fn get(call: &mut Call) -> Reply {
    let name = match found::target(call, "name") {
        Ok(name) => name,
        Err(error) => return error.into(),
    };
    let caller = found::caller(&call.context);
    let snapshot = call.context.engine().snapshot();
    let prompt = match snapshot.prompt(name, call.version.as_deref(), &caller).await {
        Ok(prompt) => prompt,
        Err(error) => {
            return found::missing(&call.context, error, || {
                RpcError::invalid_params(format!("unknown prompt `{name}`"))
            })
            .into();
        }
    };
    drop(snapshot);
    match found::settle(call, prompt.common(), Schema::Prompt(Arc::clone(&prompt))) {
        Ok(None) => {}
        Ok(Some(missing)) => return failure::missing_capability(&call.context, &missing).into(),
        Err(error) => return error.into(),
    }
    if prompt.common().layers.is_empty() {
        return run(&prompt, call).await;
    }
    let inner = Arc::clone(&prompt);
    found::layered(prompt.common(), call.take(), move |call| {
        let prompt = Arc::clone(&inner);
        async move { run(&prompt, &call).await }
    })
    .await
}

async fn run(prompt: &Prompt, call: &Call) -> Reply {
    let arguments = match arguments(prompt, call) {
        Ok(arguments) => arguments,
        Err(error) => return error.into(),
    };
    let context = &call.context;
    let Some(handler) = prompt.get(context.clone(), arguments) else {
        return RpcError::internal_error("the prompt has no handler").into();
    };
    match journal::run(context, handler).await {
        Ok(Ok(mut result)) => {
            if result.description.is_none() {
                result.description.clone_from(&prompt.common().description);
            }
            context.era().shape_prompt_result(&mut result);
            ServerResult::GetPrompt(Box::new(result)).into()
        }
        Ok(Err(error)) => {
            let name = &prompt.common().name;
            failure::as_rpc(context, &prompt.key(), name, &error).into()
        }
        Err(asking) => asking,
    }
}

/// The arguments as named strings; some clients send numbers and booleans where the protocol wants strings ("Prompts").
fn arguments(prompt: &Prompt, call: &Call) -> Result<Variables, RpcError> {
    let name = &prompt.common().name;
    let sent: serde_json::Map<String, Value> = match call.arguments() {
        Some(json) => serde_json::from_str(json)
            .map_err(|_| RpcError::invalid_params("`params.arguments` must be an object of strings"))?,
        None => serde_json::Map::new(),
    };
    for argument in prompt.takes() {
        if argument.required == Some(true) && sent.get(&argument.name).is_none_or(Value::is_null) {
            return Err(RpcError::invalid_params(format!(
                "prompt `{name}` needs the argument `{}`",
                argument.name
            )));
        }
    }
    Ok(Variables::new(sent.into_iter().filter(|(_, value)| !value.is_null()).map(
        |(name, value)| match value {
            Value::String(text) => (name, text),
            other => (name, other.to_string()),
        },
    )))
}
