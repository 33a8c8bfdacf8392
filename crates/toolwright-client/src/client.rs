use std::{fmt, sync::Arc};

use toolwright_core::{
    era::Revision,
    joint::{Connect, Incoming, Outgoing},
    jsonrpc::encode,
    model::{Implementation, ServerCapabilities, SubscriptionFilter},
};

use crate::{Builder, ClientError, Subscription, shared::Shared, subscription};

/// A connection to a server of any revision.
///
/// Clones share the connection; the last one that goes closes it, unless [`close`](Self::close) did so before.
///
/// # Example
/// ```
/// use serde_json::json;
/// use toolwright_client::{Client, ClientError};
/// use toolwright_core::joint::Connect;
///
/// async fn sum(server: impl Connect) -> Result<i64, ClientError> {
///     let client = Client::connect(server).await?;
///     client.call("add", json!({ "a": 2, "b": 3 })).await?.data()
/// }
/// ```
#[derive(Clone)]
pub struct Client(Arc<Owner>);

/// Closes the connection with the last clone.
struct Owner(Arc<Shared>);

impl Client {
    /// Connects with the default options.
    ///
    /// # Errors
    /// When the server cannot be reached, or no revision is common to both.
    pub async fn connect(target: impl Connect) -> Result<Self, ClientError> {
        Self::builder().connect(target).await
    }

    /// Options and handlers for a connection.
    pub fn builder() -> Builder {
        Builder::new()
    }

    pub(crate) fn new(shared: Arc<Shared>) -> Self {
        Self(Arc::new(Owner(shared)))
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0.0
    }

    /// The revision of the protocol that is spoken. Like all that the server says about itself, it can be another one after
    /// the connection was [opened again](Builder::reconnect).
    pub fn revision(&self) -> Revision {
        self.shared().connection().revision
    }

    /// What the server can do.
    pub fn capabilities(&self) -> Arc<ServerCapabilities> {
        self.shared().connection().capabilities.clone()
    }

    /// Who the server says it is, if it says so. For display only.
    pub fn server_info(&self) -> Option<Arc<Implementation>> {
        self.shared().connection().server_info.clone()
    }

    /// What the server wants the model to know.
    pub fn instructions(&self) -> Option<Arc<str>> {
        self.shared().connection().instructions.clone()
    }

    /// Follows changes of lists and resources. In every revision: as one `subscriptions/listen` where there is that, else by
    /// `resources/subscribe` and the session's unsolicited notifications.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn listen(&self, filter: SubscriptionFilter) -> Result<Subscription, ClientError> {
        subscription::listen(self, filter).await
    }

    /// Tells the server of a session that the [roots](Builder::on_roots) are others now. Stateless servers ask each time, so
    /// they are not told.
    ///
    /// # Errors
    /// When the connection is gone.
    pub async fn roots_changed(&self) -> Result<(), ClientError> {
        if self.revision().era().is_stateless() {
            return Ok(());
        }
        self.notify("notifications/roots/list_changed", &()).await
    }

    /// Sends a notification, for example one of an extension. Parameters that serialize to `null` are left out.
    ///
    /// # Errors
    /// When the connection is gone, or the parameters cannot be written as JSON.
    pub async fn notify<P: serde::Serialize + ?Sized>(
        &self,
        method: &str,
        params: &P,
    ) -> Result<(), ClientError> {
        let shared = self.shared();
        if shared.is_closed() {
            return Err(ClientError::Closed);
        }
        let body = encode::notification(method, params).map_err(|source| ClientError::Encode {
            what: format!("the parameters of `{method}`").into(),
            source,
        })?;
        let connection = shared.line().await?;
        let headers = connection.headers.message(Some(method));
        let notice = Outgoing::notice(body).method(method.to_owned()).headers(headers);
        let sent = connection.link.exchange(notice);
        let quiet = shared.settings.timing.quiet;
        // A peer that reads nothing must not hold up the sender for ever.
        let late = async {
            match quiet {
                Some(quiet) => tokio::time::sleep(quiet).await,
                None => std::future::pending().await,
            }
        };
        let failure = tokio::select! {
            biased;
            sent = sent => match sent {
                Ok(incoming) => return accepted(&incoming),
                Err(error) => error,
            },
            () = shared.closed() => return Err(ClientError::Closed),
            () = late => {
                return Err(ClientError::Timeout {
                    method: method.to_owned().into(),
                    after: quiet.unwrap_or_default(),
                });
            }
        };
        connection.failed(&failure).await;
        Err(failure.into())
    }

    /// Closes the connection in good order. Whatever waits, here and in clones, fails with [`ClientError::Closed`].
    pub async fn close(&self) {
        if let Some(closing) = self.shared().end() {
            closing.await;
        }
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        if let Some(closing) = self.0.end() {
            self.0.routes.runtime.spawn(closing);
        }
    }
}

/// Whether a message that has no answer was taken.
fn accepted(incoming: &Incoming) -> Result<(), ClientError> {
    match incoming.status {
        Some(status) if !status.is_success() => Err(ClientError::Refused { status }),
        _ => Ok(()),
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("revision", &self.revision())
            .field("server", &self.server_info())
            .field("closed", &self.shared().is_closed())
            .finish_non_exhaustive()
    }
}
