use std::{
    collections::HashMap,
    fmt,
    future::{Future, poll_fn},
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
    time::Duration,
};

use bytes::Bytes;
use http::StatusCode;
use tokio::{runtime::Handle, sync::Notify, task::AbortHandle, time::timeout};
use toolwright_core::{
    era::Revision,
    joint::{BoxFuture, Link, LinkError, Outgoing},
    jsonrpc::ErrorCode,
    model::{Implementation, ServerCapabilities},
};

use crate::{
    ClientError,
    inlet::Inlet,
    request::{BaseMeta, Encoded, Headers},
};

/// Longest wait for a connection to end in good order.
const GOOD_ORDER: Duration = Duration::from_secs(10);

/// A connection, and what was settled when it was opened. A client has one after the other.
pub(crate) struct Connection {
    pub(crate) link: Arc<dyn Link>,
    pub(crate) inlet: Arc<Inlet>,
    pub(crate) revision: Revision,
    pub(crate) capabilities: Arc<ServerCapabilities>,
    pub(crate) server_info: Option<Arc<Implementation>>,
    pub(crate) instructions: Option<Arc<str>>,
    pub(crate) meta: BaseMeta,
    pub(crate) headers: Headers,
    /// How many subscriptions of this client watch a resource, in a session.
    watched: Mutex<HashMap<String, usize>>,
    broken: AtomicBool,
    shut: AtomicBool,
    /// What it speaks was found out because of a doubt, so that there is no point in another one.
    pub(crate) proven: AtomicBool,
    gone: Notify,
    watch: OnceLock<AbortHandle>,
}

impl Connection {
    /// A connection on which nothing is settled but the revision.
    pub(crate) fn new(link: Arc<dyn Link>, inlet: Arc<Inlet>, revision: Revision, meta: BaseMeta) -> Self {
        Self {
            headers: Headers::of(&*link, revision),
            link,
            inlet,
            revision,
            capabilities: Arc::default(),
            server_info: None,
            instructions: None,
            meta,
            watched: Mutex::default(),
            broken: AtomicBool::new(false),
            shut: AtomicBool::new(false),
            proven: AtomicBool::new(false),
            gone: Notify::new(),
            watch: OnceLock::new(),
        }
    }

    /// Notices the end of the connection also while nobody waits for an answer.
    pub(crate) fn watch(self: &Arc<Self>, runtime: &Handle) {
        let (closed, connection) = (self.link.closed(), Arc::downgrade(self));
        let task = runtime.spawn(async move {
            closed.await;
            if let Some(connection) = connection.upgrade() {
                connection.breaks();
            }
        });
        // It is watched once.
        let _ = self.watch.set(task.abort_handle());
    }

    pub(crate) fn is_stateless(&self) -> bool {
        self.revision.era().is_stateless()
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.broken.load(Ordering::Acquire)
    }

    /// No request goes this way any more.
    pub(crate) fn breaks(&self) {
        if !self.broken.swap(true, Ordering::AcqRel) {
            self.gone.notify_waiters();
        }
    }

    /// Learns from a failed exchange whether there is a point in another one.
    pub(crate) async fn failed(&self, error: &LinkError) {
        let gone = match error {
            LinkError::Died { .. } | LinkError::SessionGone => true,
            // Where each message has a connection of its own, only that one is gone.
            _ => {
                let mut closed = self.link.closed();
                poll_fn(|cx| Poll::Ready(closed.as_mut().poll(cx).is_ready())).await
            }
        };
        if gone {
            self.breaks();
        }
    }

    /// Whether a stateless server, which answered before, seems to know the revision no more: it is worth finding out again
    /// what it speaks, once.
    pub(crate) fn is_doubted(&self, error: &ClientError) -> bool {
        let odd = match error {
            ClientError::Rpc(error) => error.code == ErrorCode::UNSUPPORTED_PROTOCOL_VERSION,
            ClientError::Refused { status } => matches!(
                *status,
                StatusCode::BAD_REQUEST | StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED
            ),
            _ => false,
        };
        odd && self.is_stateless() && !self.proven.swap(true, Ordering::Relaxed)
    }

    /// Resolves when the connection is gone, for those who wait for nothing but notifications.
    pub(crate) fn gone(self: &Arc<Self>) -> BoxFuture<'static, ()> {
        let connection = self.clone();
        Box::pin(async move {
            let gone = connection.gone.notified();
            if !connection.is_broken() {
                gone.await;
            }
        })
    }

    /// A request as it is sent, about nothing that has a name.
    pub(crate) fn request(&self, encoded: &Encoded) -> Outgoing {
        Outgoing::request(encoded.id.into(), encoded.body.clone())
            .method(encoded.method.clone())
            .headers(self.headers.request(&encoded.method, ""))
    }

    /// A notification as it is sent.
    pub(crate) fn notice(&self, method: &'static str, body: Bytes) -> Outgoing {
        Outgoing::notice(body).method(method).headers(self.headers.message(Some(method)))
    }

    /// Counts a watcher of `uri`. Returns whether it is the first.
    pub(crate) fn retain(&self, uri: &str) -> bool {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let count = watched.entry(uri.to_owned()).or_default();
        *count += 1;
        *count == 1
    }

    /// Takes [`retain`](Self::retain) back. Returns whether nobody is left.
    pub(crate) fn release(&self, uri: &str) -> bool {
        let mut watched = self.watched.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = watched.get_mut(uri) else { return false };
        *count -= 1;
        let last = *count == 0;
        if last {
            watched.remove(uri);
        }
        last
    }

    /// Nothing that the server sends is heard any more. Returns whether it was before, so that the connection must be
    /// [closed](Self::close).
    pub(crate) fn shut(&self) -> bool {
        if self.shut.swap(true, Ordering::AcqRel) {
            return false;
        }
        self.breaks();
        self.inlet.shut();
        if let Some(watch) = self.watch.get() {
            watch.abort();
        }
        true
    }

    /// Ends the connection in good order, as far as the server lets it.
    pub(crate) fn close(&self) -> impl Future<Output = ()> + Send + 'static + use<> {
        let closing = self.link.close();
        async move {
            if timeout(GOOD_ORDER, closing).await.is_err() {
                tracing::debug!("the connection did not end in good order");
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(watch) = self.watch.get() {
            watch.abort();
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("revision", &self.revision).finish_non_exhaustive()
    }
}
