use std::sync::Arc;

use toolwright_core::{
    jsonrpc::RpcError,
    model::{CallToolResult, ClientCapabilities, ContentBlock},
};

use super::{failure, found};
use crate::{
    Call, Context, HandlerError, Reply, ServerResult, Tool,
    arguments::Arguments,
    journal::{self, Schema},
    mirror,
};

/// `tools/call`.
pub(super) async fn call(call: &mut Call) -> Reply {
    let name = match found::target(call, "name") {
        Ok(name) => name,
        Err(error) => return error.into(),
    };
    if call.arguments.as_deref().is_some_and(|arguments| !arguments.starts_with(b"{")) {
        return RpcError::invalid_params("`params.arguments` must be an object").into();
    }
    let caller = found::caller(&call.context);
    let snapshot = call.context.engine().snapshot();
    let tool = match snapshot.tool(name, call.version.as_deref(), &caller).await {
        Ok(tool) => tool,
        Err(error) => return found::missing(&call.context, error, || unknown(name)).into(),
    };
    drop(snapshot);
    if let Err(error) = mirrored(call, &tool) {
        return error.into();
    }
    serve_lent(tool, call).await
}

/// Runs a tool that was found.
pub(crate) async fn serve(tool: Arc<Tool>, mut call: Call) -> Reply {
    serve_lent(tool, &mut call).await
}

async fn serve_lent(tool: Arc<Tool>, call: &mut Call) -> Reply {
    match found::settle(call, tool.common(), Schema::Tool(Arc::clone(&tool))) {
        Ok(None) => {}
        Ok(Some(missing)) => return lacking(&call.context, &missing),
        Err(error) => return error.into(),
    }
    if tool.common().layers.is_empty() {
        return run(&tool, call).await;
    }
    let inner = Arc::clone(&tool);
    found::layered(tool.common(), call.take(), move |mut call| {
        let tool = Arc::clone(&inner);
        async move { run(&tool, &mut call).await }
    })
    .await
}

/// Headers that mirror arguments must say what those say.
fn mirrored(call: &Call, tool: &Tool) -> Result<(), RpcError> {
    let Some(sent) = &call.mirrored else { return Ok(()) };
    match tool.checks().bindings(tool.schema()) {
        Ok(None) => Ok(()),
        Ok(Some(bindings)) => {
            mirror::arguments(bindings, call.context.headers(), std::str::from_utf8(sent).unwrap_or("{}"))
        }
        // Only live providers get so far with one; clients leave such a tool out ("Custom Headers from Tool Parameters").
        Err(problems) => {
            tracing::debug!(component = %tool.key(), ?problems, "a tool names headers where none can be");
            Ok(())
        }
    }
}

async fn run(tool: &Tool, call: &mut Call) -> Reply {
    let context = &call.context;
    let arguments = Arguments::new(call.arguments.take());
    if let Err(problem) = tool.checks().input(tool, &arguments) {
        return failed(format!("invalid arguments: {problem}"));
    }
    let Some(handler) = tool.call(context.clone(), arguments) else {
        return RpcError::internal_error("the tool has no handler").into();
    };
    match journal::run(context, handler).await {
        Ok(Ok(result)) => answer(tool, context, result),
        Ok(Err(error)) => refusal(tool, context, &error),
        Err(asking) => asking,
    }
}

fn answer(tool: &Tool, context: &Context, mut result: CallToolResult) -> Reply {
    if let Err(problem) = tool.checks().output(tool, &result) {
        tracing::error!(component = %tool.key(), %problem, "a tool returned what its output schema forbids");
        return RpcError::internal_error("the tool returned a result that its own output schema forbids")
            .into();
    }
    context.era().shape_call_result(&mut result, tool.wraps());
    ServerResult::CallTool(result).into()
}

/// What a tool's own failure looks like: a result that the model can read and act on ("Tools", "Error Handling").
fn refusal(tool: &Tool, context: &Context, error: &HandlerError) -> Reply {
    let text = failure::public_text(context, &tool.key(), error);
    match error.as_rpc() {
        Some(rpc) => rpc.clone().into(),
        None => failed(text),
    }
}

fn failed(text: String) -> Reply {
    ServerResult::CallTool(CallToolResult::new([ContentBlock::text(text)]).is_error(true)).into()
}

fn lacking(context: &Context, missing: &ClientCapabilities) -> Reply {
    let error = failure::missing_capability(context, missing);
    if context.era().is_stateless() { error.into() } else { failed(error.message.into_owned()) }
}

fn unknown(name: &str) -> RpcError {
    RpcError::invalid_params(format!("unknown tool `{name}`"))
}
