use toolwright_core::{joint::BoxFuture, jsonrpc::RpcError, model::ClientCapabilities};

use crate::{
    Call, Context, Reply,
    component::Common,
    context::Subject,
    journal::{self, Schema, stale},
    middleware::Chain,
    registry::Missing,
};

/// Prepares the call for a component that was found: its time limit, its record, what it requires of the client.
///
/// Returns what the client lacks.
///
/// # Errors
/// When the client's state is of a component that is not there any more.
pub(super) fn settle(
    call: &mut Call,
    common: &Common,
    schema: Schema,
) -> Result<Option<ClientCapabilities>, RpcError> {
    if let Some(timeout) = common.timeout {
        call.context.clock().limit(timeout);
    }
    call.context.settle(Subject {
        target: call.target.take().unwrap_or_default(),
        version: call.version.clone(),
        arguments: call.arguments.clone(),
        schema,
    });
    // An answer to one component is none to another that has its name by now.
    if call.context.outer().is_none()
        && let Some(rounds) = call.context.rounds_so_far()
        && let Some(before) = rounds.schema()
        && call.context.subject().is_some_and(|subject| subject.schema.digest() != before)
    {
        return Err(stale());
    }
    Ok(common.requires.iter().find_map(|requirement| call.context.missing(*requirement)))
}

/// The name or URI that the request addresses.
pub(super) fn target<'a>(call: &'a Call, member: &'static str) -> Result<&'a str, RpcError> {
    call.target().ok_or_else(|| RpcError::invalid_params(format!("`params.{member}` is missing")))
}

/// What a failed look-up answers. Hidden, refused and unknown are the same to the byte.
pub(super) fn missing(context: &Context, missing: Missing, unknown: impl FnOnce() -> RpcError) -> RpcError {
    match missing {
        Missing::Unknown => unknown(),
        Missing::Failed(_) if context.engine().masks_errors => {
            RpcError::internal_error(super::failure::MASKED)
        }
        Missing::Failed(providers) => {
            RpcError::internal_error(format!("not found, but providers failed: {providers}"))
        }
    }
}

/// Runs `end` inside the layers of the component, which has some: without, boxes are not needed.
pub(super) fn layered<F, R>(common: &Common, call: Call, end: F) -> BoxFuture<'static, Reply>
where
    F: Fn(Call) -> R + Send + Sync + 'static,
    R: Future<Output = Reply> + Send + 'static,
{
    let context = call.context.clone();
    let layers = Chain::new(common.layers.clone()).run(call, end);
    Box::pin(async move { journal::run_layers(&context, layers).await })
}

pub(super) fn caller(context: &Context) -> crate::provider::Caller {
    crate::provider::Caller::new(context)
}
