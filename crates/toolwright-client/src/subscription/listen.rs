use std::{
    fmt,
    future::{Future as _, poll_fn},
    pin::pin,
    sync::Arc,
    task::{Context, Poll},
};

use toolwright_core::{
    joint::{BoxFuture, Incoming, LinkError, Outgoing},
    model::SubscriptionFilter,
};

use super::{Change, channel::Channel};
use crate::{
    Client, ClientError,
    request::{Encoded, Extra, Message, answer, exchange},
    shared::Shared,
};

/// A stream of [`Change`]s. Dropping it ends the subscription at the server.
///
/// # Example
/// ```
/// use toolwright_client::{Change, Client, ClientError};
/// use toolwright_core::model::SubscriptionFilter;
///
/// async fn follow(client: Client) -> Result<(), ClientError> {
///     let mut changes = client.listen(SubscriptionFilter::new().tools_list_changed(true)).await?;
///     while let Some(change) = changes.next().await? {
///         if change == Change::Tools {
///             println!("{} tools now", client.tools().await?.len());
///         }
///     }
///     Ok(())
/// }
/// ```
pub struct Subscription {
    client: Client,
    id: i64,
    channel: Arc<Channel>,
    acknowledged: SubscriptionFilter,
    source: Source,
}

enum Source {
    /// The listen request, which lives as long as the subscription.
    Stateless(BoxFuture<'static, Result<Incoming, LinkError>>),
    /// The session, until it is gone.
    Session(BoxFuture<'static, ()>),
    /// Nothing comes any more.
    Over(Option<ClientError>),
}

/// Opens a subscription.
pub(crate) async fn listen(client: &Client, filter: SubscriptionFilter) -> Result<Subscription, ClientError> {
    let shared = client.shared();
    if shared.is_closed() {
        return Err(ClientError::Closed);
    }
    if shared.revision.era().is_stateless() {
        stateless(client, filter).await
    } else {
        session(client, filter).await
    }
}

async fn stateless(client: &Client, filter: SubscriptionFilter) -> Result<Subscription, ClientError> {
    let shared = client.shared();
    let mut message = shared.open("subscriptions/listen");
    message
        .member("notifications", &filter)
        .map_err(|source| ClientError::Encode { what: "the filter".into(), source })?;
    let encoded = close(shared, message);
    let channel = Arc::<Channel>::default();
    shared.routes.watchers.listen(encoded.id, &channel);
    let outgoing = Outgoing::request(encoded.id.into(), encoded.body.clone())
        .method(encoded.method.clone())
        .headers(shared.headers.request(&encoded.method, ""));
    let mut subscription = Subscription {
        client: client.clone(),
        id: encoded.id,
        channel,
        acknowledged: filter,
        source: Source::Stateless(shared.link.exchange(outgoing)),
    };
    // ("Subscriptions": the acknowledgement is the first message, and names what will be honoured.)
    let acknowledged = subscription.acknowledgement();
    subscription.acknowledged = match shared.timing.quiet {
        None => acknowledged.await?,
        Some(quiet) => tokio::time::timeout(quiet, acknowledged)
            .await
            .map_err(|_| ClientError::Timeout { method: encoded.method.clone(), after: quiet })??,
    };
    Ok(subscription)
}

async fn session(client: &Client, wish: SubscriptionFilter) -> Result<Subscription, ClientError> {
    let shared = client.shared();
    let acknowledged = honoured(shared, &wish);
    let uris = acknowledged.resource_subscriptions.clone().unwrap_or_default();
    let channel = Arc::<Channel>::default();
    let id = shared.next_id();
    let mut filter = acknowledged.clone();
    // Resources join one by one, so that what fails half-way leaves no watcher behind.
    filter.resource_subscriptions = None;
    shared.routes.watchers.watch(id, filter.clone(), &channel);
    let subscription = Subscription {
        client: client.clone(),
        id,
        channel,
        acknowledged,
        source: Source::Session(shared.link.closed()),
    };
    for uri in uris {
        if shared.routes.watchers.retain(&uri)
            && let Err(error) = client.subscribe(&uri).await
        {
            shared.routes.watchers.release(&uri);
            return Err(error);
        }
        filter.resource_subscriptions.get_or_insert_default().push(uri);
        shared.routes.watchers.watch(id, filter.clone(), &subscription.channel);
    }
    Ok(subscription)
}

/// The part of a wish that the server's capabilities promise, which a stateless server would acknowledge.
fn honoured(shared: &Shared, wish: &SubscriptionFilter) -> SubscriptionFilter {
    let capabilities = &shared.capabilities;
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

fn close(shared: &Shared, message: Message) -> Encoded {
    let none = serde_json::Map::new();
    message.close(|buffer| shared.meta.write(buffer, &Extra { level: None, token: None, members: &none }))
}

impl Subscription {
    /// What the server agreed to tell, which can be less than was asked for.
    pub fn acknowledged(&self) -> &SubscriptionFilter {
        &self.acknowledged
    }

    /// The next change. Nothing comes after the server has ended the subscription.
    ///
    /// # Errors
    /// Once, when the subscription was lost: the connection is gone, or the server refuses to go on.
    pub async fn next(&mut self) -> Result<Option<Change>, ClientError> {
        let shared = self.client.shared().clone();
        let mut closing = pin!(shared.closing.notified());
        closing.as_mut().enable();
        if shared.is_closed() {
            self.source = Source::Over(None);
            return Err(ClientError::Closed);
        }
        poll_fn(|cx| {
            self.poll_source(cx);
            if let Poll::Ready(change) = self.channel.poll_next(cx) {
                return Poll::Ready(Ok(change));
            }
            if let Source::Over(failure) = &mut self.source {
                return Poll::Ready(failure.take().map_or(Ok(None), Err));
            }
            closing.as_mut().poll(cx).map(|()| Err(ClientError::Closed))
        })
        .await
    }

    fn poll_source(&mut self, cx: &mut Context<'_>) {
        let failure = match &mut self.source {
            Source::Stateless(exchange) => match exchange.as_mut().poll(cx) {
                Poll::Ready(Ok(incoming)) => {
                    let shared = self.client.shared();
                    answer(&incoming, self.id, |stray| shared.stray(&stray)).err()
                }
                Poll::Ready(Err(error)) => Some(error.into()),
                Poll::Pending => return,
            },
            Source::Session(closed) => match closed.as_mut().poll(cx) {
                Poll::Ready(()) => Some(ClientError::Closed),
                Poll::Pending => return,
            },
            Source::Over(_) => return,
        };
        self.source = Source::Over(failure);
    }

    async fn acknowledgement(&mut self) -> Result<SubscriptionFilter, ClientError> {
        let shared = self.client.shared().clone();
        let mut closing = pin!(shared.closing.notified());
        closing.as_mut().enable();
        poll_fn(|cx| {
            self.poll_source(cx);
            if let Poll::Ready(filter) = self.channel.poll_acknowledged(cx) {
                return Poll::Ready(Ok(filter));
            }
            if let Source::Over(failure) = &mut self.source {
                return Poll::Ready(Err(failure.take().unwrap_or_else(|| {
                    ClientError::protocol("a subscription ended without having been acknowledged")
                })));
            }
            closing.as_mut().poll(cx).map(|()| Err(ClientError::Closed))
        })
        .await
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let shared = self.client.shared();
        match self.source {
            Source::Stateless(_) => {
                shared.routes.watchers.forget(self.id);
                shared.cancel(self.id);
            }
            Source::Session(_) => {
                for uri in shared.routes.watchers.unwatch(self.id) {
                    unsubscribe(shared, &uri);
                }
            }
            Source::Over(_) => {
                shared.routes.watchers.forget(self.id);
                shared.routes.watchers.unwatch(self.id);
            }
        }
    }
}

/// In the background; whether it succeeds changes nothing for anybody here.
fn unsubscribe(shared: &Arc<Shared>, uri: &str) {
    let mut message = shared.open("resources/unsubscribe");
    if message.member("uri", uri).is_err() || shared.is_closed() {
        return;
    }
    let encoded = close(shared, message);
    let shared = shared.clone();
    shared.runtime.clone().spawn(async move {
        let headers = shared.headers.request(&encoded.method, "");
        if let Err(error) = exchange(&shared, &encoded, headers, shared.timing, None).await {
            tracing::debug!(%error, "unsubscribing failed");
        }
    });
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription")
            .field("id", &self.id)
            .field("acknowledged", &self.acknowledged)
            .finish_non_exhaustive()
    }
}
