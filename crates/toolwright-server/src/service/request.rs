use std::pin::pin;

use http::StatusCode;
use toolwright_core::{
    joint::Outbound,
    jsonrpc::{Id, RpcError},
    model::{CallToolResult, ContentBlock, Method},
};

use super::{Answer, write};
use crate::{
    Call, Context, Reply, ServerResult,
    call::{Ended, drive},
    dispatch,
    engine::Engine,
    journal::{Claimed, Claims, Round, Rounds, run_layers},
};

/// Runs a request to its one answer.
pub(super) fn run(mut call: Call) -> impl Future<Output = Outbound> + Send {
    let context = call.context.clone();
    // The argument of an `async fn` takes room in its future twice.
    async move {
        let Some(id) = context.request_id() else { return Outbound::nothing() };
        if context.connection().is_some_and(|connection| !connection.enter(id, &context)) {
            let error = RpcError::invalid_request(format!("a request with the id {id} is already running"));
            return Answer::error(context.era(), Some(id), &error, StatusCode::BAD_REQUEST).into_outbound();
        }
        let leave = Leave { context: &context, id };
        let reply = match drive(&context, pin!(handle(&context, &mut call))).await {
            Ended::Done(reply) => reply,
            Ended::Panicked(panic) => {
                tracing::error!(method = %context.method(), panic = text(&*panic), "a handler panicked");
                RpcError::internal_error("internal error").into()
            }
            Ended::TimedOut => timed_out(&context),
            Ended::Cancelled => return Outbound::nothing(),
        };
        context.close();
        drop(leave);
        write::answer(context.engine(), &context, id, reply).into_outbound()
    }
}

/// Runs a notification; what it replies, nobody hears.
pub(super) async fn notify(mut call: Call) -> Outbound {
    let context = call.context.clone();
    if let Ended::Panicked(panic) = drive(&context, pin!(handle(&context, &mut call))).await {
        tracing::error!(method = %context.method(), panic = text(&*panic), "a notification handler panicked");
    }
    context.close();
    Outbound::nothing()
}

/// Lends the call, since one that is moved from future to future takes room in each of them.
async fn handle(context: &Context, call: &mut Call) -> Reply {
    let engine = context.engine();
    if let Some(claims) = &engine.claims
        && let Some(round) = context.rounds_so_far().and_then(Rounds::claimable)
    {
        // Boxed, so that it takes no room in the futures of other calls.
        return Box::pin(claimed(engine, claims, round, call)).await;
    }
    through_layers(engine, call).await
}

async fn through_layers(engine: &Engine, call: &mut Call) -> Reply {
    if engine.layers.is_empty() {
        dispatch::serve(call).await
    } else {
        let context = call.context.clone();
        run_layers(&context, engine.layers.run(call.take(), dispatch::dispatch)).await
    }
}

/// Runs a round that nobody has run, or takes the reply that there was. Both come from the text that is kept, so they are equal.
async fn claimed(engine: &Engine, claims: &Claims, round: Round, call: &mut Call) -> Reply {
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
