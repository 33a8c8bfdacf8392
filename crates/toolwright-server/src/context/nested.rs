use std::{pin::pin, sync::Arc};

use bytes::Bytes;
use serde::Serialize;
use toolwright_core::{
    Raw,
    joint::BoxFuture,
    jsonrpc::{ErrorCode, RpcError},
    model::{CallToolResult, GetPromptResult, Method, ReadResourceResult},
};

use super::Context;
use crate::{
    Call, HandlerError, Reply, ServerResult, Tool,
    call::{Ended, drive},
    dispatch::dispatch,
};

/// How deep calls of a server to itself may nest.
const DEEPEST: usize = 16;

impl Context {
    /// Calls a tool of this server as the same caller: access rules and layers of the component hold, layers of the server are
    /// not run again.
    ///
    /// # Errors
    /// When there is no such tool for this caller, or it failed to run. A tool that ran and reports an error is a result.
    pub async fn call_tool(
        &self,
        name: &str,
        arguments: impl Serialize,
    ) -> Result<CallToolResult, HandlerError> {
        let arguments = Raw::serialize(&arguments)?;
        called(self.dispatch_nested(Method::CallTool, name, Some(arguments), dispatch).await?)
    }

    /// Runs a tool that the server need not have, as if it had.
    pub(crate) async fn call_given(
        &self,
        tool: Arc<Tool>,
        arguments: Raw,
    ) -> Result<CallToolResult, HandlerError> {
        let name = tool.common().name.clone();
        let serve = move |call| crate::dispatch::call_tool(tool, call);
        called(self.dispatch_nested(Method::CallTool, &name, Some(arguments), serve).await?)
    }

    /// Reads a resource of this server as the same caller.
    ///
    /// # Errors
    /// When there is no such resource for this caller, or reading failed.
    pub async fn read_resource(&self, uri: &str) -> Result<ReadResourceResult, HandlerError> {
        match self.dispatch_nested(Method::ReadResource, uri, None, dispatch).await? {
            ServerResult::ReadResource(result, _) => Ok(*result),
            other => Err(unexpected("resources/read", &other)),
        }
    }

    /// Gets a prompt of this server as the same caller.
    ///
    /// # Errors
    /// When there is no such prompt for this caller, or its handler failed.
    pub async fn prompt(
        &self,
        name: &str,
        arguments: impl Serialize,
    ) -> Result<GetPromptResult, HandlerError> {
        let arguments = Raw::serialize(&arguments)?;
        match self.dispatch_nested(Method::GetPrompt, name, Some(arguments), dispatch).await? {
            ServerResult::GetPrompt(result) => Ok(*result),
            other => Err(unexpected("prompts/get", &other)),
        }
    }

    fn dispatch_nested<R: Future<Output = Reply> + Send + 'static>(
        &self,
        method: Method,
        target: &str,
        arguments: Option<Raw>,
        serve: impl FnOnce(Call) -> R + Send + 'static,
    ) -> BoxFuture<'static, Result<ServerResult, HandlerError>> {
        let context = self.clone();
        let step = format!("{}:{target}", method.as_str());
        let target = Some(target.to_owned().into());
        let arguments = arguments.map(|raw| Bytes::copy_from_slice(raw.as_str().as_bytes()));
        Box::pin(async move {
            if context.is_closed() {
                return Err(toolwright_core::joint::Closed.into());
            }
            if context.path().len() >= DEEPEST {
                return Err(format!("calls of the server to itself nest deeper than {DEEPEST}").into());
            }
            let nested = context.nested(method, step);
            let call = Call {
                context: nested.clone(),
                params: None,
                target,
                arguments,
                mirrored: None,
                version: None,
            };
            let reply = match drive(&nested, pin!(serve(call))).await {
                Ended::Done(reply) => reply,
                Ended::TimedOut => crate::service::timed_out(&nested),
                Ended::Cancelled => return Err(toolwright_core::joint::Closed.into()),
                // The outer call answers for it.
                Ended::Panicked(panic) => std::panic::resume_unwind(panic),
            };
            nested.close();
            match reply {
                Reply::Result(result) => Ok(result),
                Reply::Error(error) => Err(failure(error)),
                Reply::Nothing => Err("the call has no result".into()),
            }
        })
    }
}

/// Codes of the protocol speak about a request of the client, which this call is not: for the handler that made it, it failed.
/// What the client has to be able to do, it must be told all the same, and codes of applications are their authors' choice.
fn failure(error: RpcError) -> HandlerError {
    let is_reserved = (-32768..=-32000).contains(&error.code.0);
    match error.code {
        ErrorCode::MISSING_CLIENT_CAPABILITY | ErrorCode::URL_ELICITATION_REQUIRED => {
            HandlerError::rpc(error)
        }
        _ if is_reserved => HandlerError::public(error.message.into_owned()),
        _ => HandlerError::rpc(error),
    }
}

fn called(result: ServerResult) -> Result<CallToolResult, HandlerError> {
    match result {
        ServerResult::CallTool(result) => Ok(result),
        other => Err(unexpected("tools/call", &other)),
    }
}

fn unexpected(method: &str, result: &ServerResult) -> HandlerError {
    let what = match result {
        ServerResult::InputRequired(_) => "questions to the client",
        _ => "a result of another kind",
    };
    format!("`{method}` answered with {what}").into()
}
