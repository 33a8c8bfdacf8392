use std::{sync::Arc, time::Duration};

use toolwright_core::{
    joint::Transport,
    jsonrpc::{RpcError, encode},
    model::{CancelledParams, ListenParams, Method, SubscriptionFilter, SubscriptionsAcknowledgedParams},
};

use super::found;
use crate::{Call, Context, Reply, ServerResult, hub::Listener};

/// `subscriptions/listen`: acknowledges what is honoured, then tells of changes until the client or the server has enough
/// ("Subscriptions").
pub(super) async fn listen(call: &Call) -> Reply {
    let params: ListenParams = match call.params() {
        Ok(params) => params,
        Err(error) => return error.into(),
    };
    let context = &call.context;
    let Some(id) = context.request_id().cloned() else { return Reply::Nothing };
    let engine = Arc::clone(context.engine());
    let filter = match honoured(context, params.notifications).await {
        Ok(filter) => filter,
        Err(error) => return error.into(),
    };
    context.clock().limit(Duration::MAX);
    let listener = Arc::new(Listener::new(filter.clone()));
    let _listening = engine.hub.listen(Arc::clone(&listener));
    let acknowledged = encode::notification(
        Method::SubscriptionsAcknowledged.as_str(),
        &SubscriptionsAcknowledgedParams::new(&id, filter),
    )
    .expect("a filter can always be written");
    if context.outlet().send(acknowledged).await.is_err() {
        return Reply::Nothing;
    }
    loop {
        let changes = tokio::select! {
            biased;
            // A client that gave it up must hear nothing more ("Cancellation").
            () = context.until_cancelled() => return Reply::Nothing,
            () = engine.draining.until_off() => break,
            changes = listener.next() => changes,
        };
        for change in changes {
            if context.outlet().send(change.message(Some(&id))).await.is_err() {
                return Reply::Nothing;
            }
        }
    }
    // On byte streams one page of the specification has the server cancel, another has it answer: it does both.
    if context.transport() == Transport::Stdio {
        let cancelled = encode::notification(Method::Cancelled.as_str(), &CancelledParams::new(id))
            .expect("an id can always be written");
        // A client that is gone needs no farewell.
        let _ = context.outlet().send(cancelled).await;
    }
    ServerResult::Listened.into()
}

/// The part of a filter that this caller may have: what the server declares, and resources that exist for them.
async fn honoured(context: &Context, asked: SubscriptionFilter) -> Result<SubscriptionFilter, RpcError> {
    let engine = context.engine();
    let capabilities = engine.capabilities(context.era());
    let most = engine.limits().subscriptions;
    let mut filter = SubscriptionFilter::new();
    filter.tools_list_changed =
        asked.tools_list_changed.filter(|wanted| *wanted && capabilities.tools.is_some());
    filter.prompts_list_changed =
        asked.prompts_list_changed.filter(|wanted| *wanted && capabilities.prompts.is_some());
    filter.resources_list_changed =
        asked.resources_list_changed.filter(|wanted| *wanted && capabilities.resources.is_some());
    if let Some(uris) = &asked.resource_subscriptions {
        if uris.len() > most {
            return Err(RpcError::invalid_params(format!("a subscription is for at most {most} resources")));
        }
        let snapshot = engine.snapshot();
        let caller = found::caller(context);
        let mut known = Vec::new();
        for uri in uris {
            if snapshot.resource(uri, None, &caller).await.is_ok() {
                known.push(uri.clone());
            }
        }
        filter.resource_subscriptions = (!known.is_empty()).then_some(known);
    }
    filter.other = engine.extensions.listen(context, &asked);
    Ok(filter)
}
