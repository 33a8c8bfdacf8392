use std::{pin::pin, sync::Arc};

use http::StatusCode;
use toolwright_core::{
    jsonrpc::{Id, RpcError},
    model::{CallToolResult, ContentBlock, Method},
};

use super::{Answer, write};
use crate::{
    Call, Context, Reply, ServerResult,
    call::{Ended, drive},
    engine::Engine,
    journal::{Claimed, Claims, Round, Rounds, run_layers},
};

/// Runs a request to its one answer.
pub(super) async fn run(engine: Arc<Engine>, call: Call) -> Answer {
    let context = call.context.clone();
    let Some(id) = context.request_id().cloned() else { return Answer::NOTHING };
    if context.connection().is_some_and(|connection| !connection.enter(&id, &context)) {
        let error = RpcError::invalid_request(format!("a request with the id {id} is already running"));
        return Answer::error(context.era(), Some(&id), &error, StatusCode::BAD_REQUEST);
    }
    let leave = Leave { context: &context, id: &id };
    let reply = match drive(&context, pin!(handle(&engine, call))).await {
        Ended::Done(reply) => reply,
        Ended::Panicked(panic) => {
            tracing::error!(method = %context.method(), panic = text(&*panic), "a handler panicked");
            RpcError::internal_error("internal error").into()
        }
        Ended::TimedOut => timed_out(&context),
        Ended::Cancelled => return Answer::NOTHING,
    };
    context.close();
    drop(leave);
    write::answer(&engine, &context, &id, reply)
}

/// Runs a notification; what it replies, nobody hears.
pub(super) async fn notify(engine: Arc<Engine>, call: Call) -> Answer {
    let context = call.context.clone();
    if let Ended::Panicked(panic) = drive(&context, pin!(handle(&engine, call))).await {
        tracing::error!(method = %context.method(), panic = text(&*panic), "a notification handler panicked");
    }
    context.close();
    Answer::NOTHING
}

async fn handle(engine: &Engine, call: Call) -> Reply {
    if let Some(claims) = &engine.claims
        && let Some(round) = call.context.rounds_so_far().and_then(Rounds::claimable)
    {
        // Boxed, so that it takes no room in the futures of other calls.
        return Box::pin(claimed(engine, claims, round, call)).await;
    }
    through_layers(engine, call).await
}

async fn through_layers(engine: &Engine, call: Call) -> Reply {
    if engine.layers.is_empty() {
        crate::dispatch::dispatch(call).await
    } else {
        let context = call.context.clone();
        run_layers(&context, engine.layers.run(call, crate::dispatch::dispatch)).await
    }
}

/// Runs a round that nobody has run, or takes the reply that there was. Both come from the text that is kept, so they are equal.
async fn claimed(engine: &Engine, claims: &Claims, round: Round, call: Call) -> Reply {
    let context = call.context.clone();
    let claim = match claims.claim(&engine.info.name, round, engine.limits().state_ttl).await {
        Ok(Claimed::Mine(claim)) => claim,
        Ok(Claimed::Served(outcome)) => return outcome.map(ServerResult::Other).into(),
        Err(error) => {
            tracing::error!(%error, "a round was not claimed in the store for journals");
            return RpcError::internal_error(
                "the server's store for journals failed, so nothing was done; try again",
            )
            .into();
        }
    };
    context.rounds().claimed(&claim);
    let reply = through_layers(engine, call).await;
    let outcome = write::outcome(engine, &context, reply);
    claim.fulfil(&outcome).await;
    outcome.map(ServerResult::Other).into()
}

/// A tool that takes too long has failed in a way that the model can read about.
pub(crate) fn timed_out(context: &Context) -> Reply {
    let timeout = context.clock().timeout();
    let subject = context.subject().map_or_else(|| context.method().as_str(), |subject| &subject.target);
    tracing::warn!(method = %context.method(), %subject, ?timeout, "a call took too long");
    let text = format!("`{subject}` took longer than {timeout:?}");
    match context.method() {
        Method::CallTool => {
            let result = CallToolResult::new([ContentBlock::text(text)]).is_error(true);
            ServerResult::CallTool(result).into()
        }
        _ => RpcError::internal_error(text).into(),
    }
}

fn text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no text)")
}

/// Takes the request out of the table of running ones, however it ends.
struct Leave<'a> {
    context: &'a Context,
    id: &'a Id,
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.context.connection() {
            connection.leave(self.id, self.context);
        }
        // Dropped before its end, the call was given up by its transport.
        self.context.abandon();
    }
}
