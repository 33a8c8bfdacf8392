use std::{future::poll_fn, pin::pin, sync::Arc, task::Poll};

use toolwright_core::model::SubscriptionFilter;

use super::{
    channel::Channel,
    live::{End, Live, close},
};
use crate::{ClientError, connection::Connection, shared::Shared};

/// Subscribes on the present connection, or on a new one if that is gone. Also says what the server agreed to.
pub(super) async fn open(
    shared: &Arc<Shared>,
    wish: &SubscriptionFilter,
    channel: &Arc<Channel>,
) -> Result<(Live, SubscriptionFilter), ClientError> {
    if shared.is_closed() {
        return Err(ClientError::Closed);
    }
    let connection = shared.line().await?;
    if connection.is_stateless() {
        stateless(shared, &connection, wish, channel).await
    } else {
        session(shared, &connection, wish, channel).await
    }
}

async fn stateless(
    shared: &Arc<Shared>,
    connection: &Arc<Connection>,
    wish: &SubscriptionFilter,
    channel: &Arc<Channel>,
) -> Result<(Live, SubscriptionFilter), ClientError> {
    let mut message = shared.open("subscriptions/listen");
    message
        .member("notifications", wish)
        .map_err(|source| ClientError::Encode { what: "the filter".into(), source })?;
    let encoded = close(connection, message);
    let mut live = Live::stateless(shared, connection, &encoded, channel);
    // ("Subscriptions": the acknowledgement is the first message, and names what will be honoured.)
    let acknowledged = acknowledgement(shared, &mut live, channel);
    let acknowledged = match shared.settings.timing.quiet {
        None => acknowledged.await,
        Some(quiet) => tokio::time::timeout(quiet, acknowledged)
            .await
            .unwrap_or_else(|_| Err(ClientError::Timeout { method: encoded.method.clone(), after: quiet })),
    };
    if let Err(ClientError::Link(error)) = &acknowledged {
        connection.failed(error).await;
    }
    Ok((live, acknowledged?))
}

async fn acknowledgement(
    shared: &Arc<Shared>,
    live: &mut Live,
    channel: &Channel,
) -> Result<SubscriptionFilter, ClientError> {
    let mut closing = pin!(shared.closed());
    poll_fn(|cx| {
        let end = live.poll_end(cx);
        if let Poll::Ready(filter) = channel.poll_acknowledged(cx) {
            return Poll::Ready(Ok(filter));
        }
        match end {
            Poll::Ready(End::Refused(error) | End::Lost(error)) => Poll::Ready(Err(error)),
            Poll::Ready(End::Over) => Poll::Ready(Err(ClientError::protocol(
                "a subscription ended without having been acknowledged",
            ))),
            Poll::Pending => closing.as_mut().poll(cx).map(|()| Err(ClientError::Closed)),
        }
    })
    .await
}

async fn session(
    shared: &Arc<Shared>,
    connection: &Arc<Connection>,
    wish: &SubscriptionFilter,
    channel: &Arc<Channel>,
) -> Result<(Live, SubscriptionFilter), ClientError> {
    let acknowledged = honoured(connection, wish);
    let mut filter = acknowledged.clone();
    // Resources join one by one, so that what fails half-way leaves no watcher behind.
    let uris = filter.resource_subscriptions.take().unwrap_or_default();
    let mut live = Live::session(shared, connection, filter.clone(), channel);
    for uri in uris {
        live.watch(&uri).await?;
        filter.resource_subscriptions.get_or_insert_default().push(uri);
        shared.routes.watchers.watch(live.id(), filter.clone(), channel);
    }
    Ok((live, acknowledged))
}

/// The part of a wish that the server's capabilities promise, which a stateless server would acknowledge.
fn honoured(connection: &Connection, wish: &SubscriptionFilter) -> SubscriptionFilter {
    let capabilities = &connection.capabilities;
    let tools = capabilities.tools.as_ref().and_then(|tools| tools.list_changed);
    let prompts = capabilities.prompts.as_ref().and_then(|prompts| prompts.list_changed);
    let resources = capabilities.resources.as_ref();
    let mut filter = SubscriptionFilter::new();
    let both =
        |wish: Option<bool>, has: Option<bool>| (wish == Some(true) && has == Some(true)).then_some(true);
    filter.tools_list_changed = both(wish.tools_list_changed, tools);
    filter.prompts_list_changed = both(wish.prompts_list_changed, prompts);
    filter.resources_list_changed =
        both(wish.resources_list_changed, resources.and_then(|resources| resources.list_changed));
    if resources.and_then(|resources| resources.subscribe) == Some(true) {
        filter.resource_subscriptions.clone_from(&wish.resource_subscriptions);
    }
    filter
}
