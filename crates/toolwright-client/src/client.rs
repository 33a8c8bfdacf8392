use std::{fmt, sync::Arc};

use toolwright_core::{
    era::Revision,
    joint::Connect,
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

    pub(crate) fn new(shared: Shared) -> Self {
        Self(Arc::new(Owner(Arc::new(shared))))
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.0.0
    }

    /// The revision of the protocol that is spoken.
    pub fn revision(&self) -> Revision {
        self.shared().revision
    }

    /// What the server can do.
    pub fn capabilities(&self) -> &ServerCapabilities {
        &self.shared().capabilities
    }

    /// Who the server says it is, if it says so. For display only.
    pub fn server_info(&self) -> Option<&Implementation> {
        self.shared().server_info.as_ref()
    }

    /// What the server wants the model to know.
    pub fn instructions(&self) -> Option<&str> {
        self.shared().instructions.as_deref()
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
        let body = encode::notification(method, params)
            .map_err(|source| ClientError::Encode { what: method.to_owned().into(), source })?;
        let sent = shared.link.exchange(shared.notice(method.to_owned(), body));
        let closing = shared.closing.notified();
        let quiet = shared.timing.quiet;
        // A peer that reads nothing must not hold up the sender for ever.
        let late = async {
            match quiet {
                Some(quiet) => tokio::time::sleep(quiet).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            biased;
            sent = sent => sent.map(|_| ()).map_err(ClientError::from),
            () = closing => Err(ClientError::Closed),
            () = late => Err(ClientError::Timeout { method: method.to_owned().into(), after: quiet.unwrap_or_default() }),
        }
    }

    /// Closes the connection in good order. Whatever waits, here and in clones, fails with [`ClientError::Closed`].
    pub async fn close(&self) {
        self.shared().close().await;
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let shared = self.0.clone();
        if shared.shut() {
            let closing = shared.link.close();
            shared.runtime.spawn(closing);
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("revision", &self.shared().revision)
            .field("server", &self.shared().server_info)
            .field("closed", &self.shared().is_closed())
            .finish_non_exhaustive()
    }
}
