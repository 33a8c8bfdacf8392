use std::{
    sync::Arc,
    task::{Context, Poll},
};

use toolwright_core::{
    joint::{BoxFuture, Incoming, LinkError},
    model::SubscriptionFilter,
};

use super::channel::Channel;
use crate::{
    ClientError,
    connection::Connection,
    request::{Encoded, Extra, Message, answer, exchange},
    shared::Shared,
};

/// A subscription on one connection. Dropping it ends it at the server.
pub(super) struct Live {
    shared: Arc<Shared>,
    connection: Arc<Connection>,
    id: i64,
    source: Source,
}

enum Source {
    /// The listen request, which lives as long as the subscription.
    Stateless(BoxFuture<'static, Result<Incoming, LinkError>>),
    /// The session, until it is gone, and the resources that are watched in it.
    Session(BoxFuture<'static, ()>, Vec<String>),
    /// Nothing comes any more.
    Over,
}

/// How a subscription ended.
pub(super) enum End {
    /// The server ended it in good order.
    Over,
    /// The server refuses to go on.
    Refused(ClientError),
    /// It broke.
    Lost(ClientError),
}

impl Live {
    /// A listen request under way.
    pub(super) fn stateless(
        shared: &Arc<Shared>,
        connection: &Arc<Connection>,
        encoded: &Encoded,
        channel: &Arc<Channel>,
    ) -> Self {
        shared.routes.watchers.listen(encoded.id, channel);
        let exchange = connection.link.exchange(connection.request(encoded));
        Self {
            shared: shared.clone(),
            connection: connection.clone(),
            id: encoded.id,
            source: Source::Stateless(exchange),
        }
    }

    /// A watcher in a session, of lists only.
    pub(super) fn session(
        shared: &Arc<Shared>,
        connection: &Arc<Connection>,
        lists: SubscriptionFilter,
        channel: &Arc<Channel>,
    ) -> Self {
        let id = shared.next_id();
        shared.routes.watchers.watch(id, lists, channel);
        Self {
            shared: shared.clone(),
            connection: connection.clone(),
            id,
            source: Source::Session(connection.gone(), Vec::new()),
        }
    }

    /// Counts another resource in, after the server was told to watch it if need be.
    pub(super) async fn watch(&mut self, uri: &str) -> Result<(), ClientError> {
        if self.connection.retain(uri)
            && let Err(error) = about(&self.shared, &self.connection, uri, "resources/subscribe").await
        {
            self.connection.release(uri);
            return Err(error);
        }
        if let Source::Session(_, uris) = &mut self.source {
            uris.push(uri.to_owned());
        }
        Ok(())
    }

    pub(super) fn id(&self) -> i64 {
        self.id
    }

    pub(super) fn poll_end(&mut self, cx: &mut Context<'_>) -> Poll<End> {
        let end = match &mut self.source {
            Source::Stateless(exchange) => match exchange.as_mut().poll(cx) {
                Poll::Ready(Ok(incoming)) => {
                    let inlet = &self.connection.inlet;
                    match answer(&incoming, self.id, |stray| inlet.take(&stray)) {
                        Ok(_) => End::Over,
                        Err(error) => End::Refused(error),
                    }
                }
                Poll::Ready(Err(error)) => End::Lost(error.into()),
                Poll::Pending => return Poll::Pending,
            },
            Source::Session(gone, _) => match gone.as_mut().poll(cx) {
                Poll::Ready(()) => End::Lost(ClientError::Closed),
                Poll::Pending => return Poll::Pending,
            },
            Source::Over => End::Over,
        };
        let ended = std::mem::replace(&mut self.source, Source::Over);
        if matches!(ended, Source::Stateless(_)) {
            self.shared.routes.watchers.forget(self.id);
        } else {
            self.shared.routes.watchers.unwatch(self.id);
        }
        Poll::Ready(end)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let watchers = &self.shared.routes.watchers;
        match &mut self.source {
            Source::Stateless(_) => {
                watchers.forget(self.id);
                self.shared.cancel(&self.connection, self.id);
            }
            Source::Session(_, uris) => {
                watchers.unwatch(self.id);
                for uri in std::mem::take(uris) {
                    if self.connection.release(&uri) && !self.connection.is_broken() {
                        unsubscribe(&self.shared, &self.connection, uri);
                    }
                }
            }
            Source::Over => {}
        }
    }
}

/// In the background; whether it succeeds changes nothing for anybody here.
fn unsubscribe(shared: &Arc<Shared>, connection: &Arc<Connection>, uri: String) {
    if shared.is_closed() {
        return;
    }
    let (shared, connection) = (shared.clone(), connection.clone());
    shared.routes.runtime.clone().spawn(async move {
        if let Err(error) = about(&shared, &connection, &uri, "resources/unsubscribe").await {
            tracing::debug!(%error, "unsubscribing failed");
        }
    });
}

/// A request about one resource, on this connection and no other.
async fn about(
    shared: &Arc<Shared>,
    connection: &Arc<Connection>,
    uri: &str,
    method: &'static str,
) -> Result<(), ClientError> {
    let mut message = shared.open(method);
    message.member("uri", uri).map_err(|source| ClientError::Encode { what: "the URI".into(), source })?;
    let encoded = close(connection, message);
    let headers = connection.headers.request(method, "");
    let incoming = exchange(shared, connection, &encoded, headers, shared.settings.timing, None).await?;
    answer(&incoming, encoded.id, |stray| connection.inlet.take(&stray)).map(|_| ())
}

pub(super) fn close(connection: &Connection, message: Message) -> Encoded {
    message.close(|buffer| connection.meta.write(buffer, &Extra::NONE))
}
