use std::{
    pin::pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use ::http::{HeaderMap, HeaderValue, StatusCode};
use bytes::Bytes;
use tokio::{
    sync::{Notify, watch},
    time::timeout,
};
use toolwright_core::{
    era::Revision,
    headers::{LAST_EVENT_ID, MCP_PROTOCOL_VERSION, MCP_SESSION_ID},
    joint::{LinkError, Outlet, Wait, Waiting},
    jsonrpc::Id,
};

use super::{
    pair::Pair,
    sender::{Response, SharedSender},
};

/// How long the first request of a session waits for the stream that belongs to none. Some servers say nothing there, not even
/// that it is open, before they have something to send.
const STREAM: Duration = Duration::from_secs(1);

/// What the requests of one connection have in common.
pub(super) struct Line {
    pub(super) sender: SharedSender,
    pub(super) inlet: Arc<dyn Outlet>,
    pub(super) pair: OnceLock<Pair>,
    /// The requests of a session, whose answers may come on any of its streams.
    pub(super) waiting: Arc<Waiting>,
    session: OnceLock<HeaderValue>,
    revision: OnceLock<Revision>,
    /// The server does not know the session any more.
    gone: AtomicBool,
    lost: Notify,
    closed: AtomicBool,
    /// The stream that belongs to no request is being opened.
    opening: AtomicBool,
    opened: Notify,
    /// Whether that stream is read, or asked for.
    listening: watch::Sender<bool>,
}

/// While it exists, the stream that belongs to no request is read.
pub(super) struct Listening(Arc<Line>);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.listening.send_replace(false);
    }
}

impl Line {
    pub(super) fn new(sender: SharedSender, inlet: Arc<dyn Outlet>) -> Self {
        Self {
            sender,
            inlet,
            pair: OnceLock::new(),
            waiting: Arc::default(),
            session: OnceLock::new(),
            revision: OnceLock::new(),
            gone: AtomicBool::new(false),
            lost: Notify::new(),
            closed: AtomicBool::new(false),
            opening: AtomicBool::new(false),
            opened: Notify::new(),
            listening: watch::Sender::new(false),
        }
    }

    pub(super) fn settle(&self, revision: Revision) {
        // A connection is settled once.
        let _ = self.revision.set(revision);
    }

    /// Whether a session was agreed on.
    pub(super) fn is_legacy(&self) -> bool {
        self.revision.get().is_some_and(|revision| !revision.era().is_stateless())
    }

    /// Whether nothing is remembered between requests, streams included.
    pub(super) fn is_stateless(&self) -> bool {
        self.revision.get().is_some_and(|revision| revision.era().is_stateless())
    }

    /// Whether this is the first time.
    pub(super) fn shut(&self) -> bool {
        !self.closed.swap(true, Ordering::AcqRel)
    }

    pub(super) fn is_shut(&self) -> bool {
        self.closed.load(Ordering::Acquire)
    }

    pub(super) fn session(&self) -> Option<&HeaderValue> {
        self.session.get()
    }

    /// A place for the answer to `id` when it comes on another stream; none outside of a session, where each answer comes on the
    /// response to its request.
    pub(super) fn expect(&self, id: &Id) -> Option<Wait> {
        if self.is_legacy() { self.waiting.expect(id.clone()) } else { None }
    }

    /// The stream that belongs to no request is about to be opened.
    pub(super) fn opens_stream(self: &Arc<Self>) -> Listening {
        self.opening.store(true, Ordering::Release);
        self.listening.send_replace(true);
        Listening(Arc::clone(self))
    }

    /// Whether something may come on that stream, now or when it is open again.
    pub(super) fn listens(&self) -> bool {
        *self.listening.borrow()
    }

    /// Resolves when nothing can come on that stream.
    pub(super) async fn deaf(&self) {
        let mut listening = self.listening.subscribe();
        // A sender that is dropped is just as deaf.
        let _ = listening.wait_for(|listening| !listening).await;
    }

    /// The server opened that stream, or has none.
    pub(super) fn opened_stream(&self) {
        if self.opening.swap(false, Ordering::AcqRel) {
            self.opened.notify_waiters();
        }
    }

    /// Waits for that stream: many a server throws away what it has to say before it is open, and with that the question that a
    /// call waits for.
    pub(super) async fn stream(&self) {
        if !self.opening.load(Ordering::Acquire) {
            return;
        }
        let mut opened = pin!(self.opened.notified());
        opened.as_mut().enable();
        if self.opening.load(Ordering::Acquire) && timeout(STREAM, opened).await.is_err() {
            tracing::debug!("the server does not say whether it has a stream of its own");
            self.opened_stream();
        }
    }

    /// Takes the session that the answer to `initialize` opens ("Session Management").
    pub(super) fn open_session(&self, headers: &HeaderMap) -> Result<(), LinkError> {
        let Some(id) = headers.get(MCP_SESSION_ID) else { return Ok(()) };
        if id.is_empty() || !id.as_bytes().iter().all(u8::is_ascii_graphic) {
            return Err(LinkError::Malformed(
                "its `Mcp-Session-Id` must be visible ASCII characters, and is not".into(),
            ));
        }
        let mut id = id.clone();
        id.set_sensitive(true);
        // Later ones are of no interest: a connection is one session.
        let _ = self.session.set(id);
        Ok(())
    }

    /// Whether `status` says that the session is gone.
    pub(super) fn has_lost_session(&self, status: StatusCode) -> bool {
        let lost = status == StatusCode::NOT_FOUND && self.session.get().is_some();
        if lost {
            self.gone.store(true, Ordering::Release);
        }
        lost
    }

    /// Tells those who wait for nothing but notifications that none will come any more.
    pub(super) fn lose(&self) {
        self.lost.notify_one();
    }

    /// Resolves when the session's own stream broke off because the session is gone.
    pub(super) async fn lost(&self) {
        self.lost.notified().await;
        // For whoever asks next.
        self.lost.notify_one();
    }

    /// Opens a stream, or resumes one after an event.
    pub(super) async fn get(
        &self,
        after: Option<&str>,
        version: Option<HeaderValue>,
    ) -> Result<Response, LinkError> {
        let mut headers = self.headers(version);
        if let Some(after) = after {
            let value = HeaderValue::from_maybe_shared(Bytes::copy_from_slice(after.as_bytes()));
            let value =
                value.map_err(|_| LinkError::Malformed("an event id that no header can carry".into()))?;
            headers.insert(LAST_EVENT_ID, value);
        }
        self.sender.get(&self.sender.target.place, headers).await
    }

    /// Tells the server that the session is over, if there is one.
    pub(super) async fn end_session(&self) {
        if self.session.get().is_none() || self.gone.load(Ordering::Acquire) {
            return;
        }
        match self.sender.delete(self.headers(None)).await {
            // A server may not let clients end sessions.
            Ok(response) => tracing::debug!(status = %response.status, "asked the server to end the session"),
            Err(error) => tracing::debug!(%error, "could not ask the server to end the session"),
        }
    }

    /// Those of a request that is no message. Unless `version` says it, the revision is the one agreed on.
    fn headers(&self, version: Option<HeaderValue>) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let agreed = || {
            let revision = self.revision.get().filter(|revision| revision.era().heads_messages())?;
            Some(HeaderValue::from_static(revision.as_str()))
        };
        if let Some(version) = version.or_else(agreed) {
            headers.insert(MCP_PROTOCOL_VERSION, version);
        }
        if let Some(session) = self.session.get() {
            headers.insert(MCP_SESSION_ID, session.clone());
        }
        headers
    }
}
