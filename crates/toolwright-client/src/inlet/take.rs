use std::{
    fmt,
    sync::{
        Arc, OnceLock, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use toolwright_core::{
    joint::{BoxFuture, Closed, Link, Outlet, SendError},
    jsonrpc::{Incoming, Malformed, Message, decode},
};

use super::{
    Routes,
    asked::{Asked, Line},
};
use crate::request::Headers;

/// One connection's outlet on the server's side, which is this client's inlet.
///
/// It takes every message at once, so it is never full: reports, changes and questions have bounded places of their own.
pub(crate) struct Inlet {
    routes: Arc<Routes>,
    link: OnceLock<Weak<dyn Link>>,
    headers: OnceLock<Headers>,
    asked: Arc<Asked>,
    shut: AtomicBool,
}

impl Inlet {
    pub(crate) fn new(routes: &Arc<Routes>) -> Self {
        Self {
            routes: routes.clone(),
            link: OnceLock::new(),
            headers: OnceLock::new(),
            asked: Arc::default(),
            shut: AtomicBool::new(false),
        }
    }

    /// The link on which questions are answered.
    pub(crate) fn attach(&self, link: &Arc<dyn Link>) {
        // A second link would mean that an inlet was given to two connections.
        let _ = self.link.set(Arc::downgrade(link));
    }

    /// The headers that answers have from now on.
    pub(crate) fn settle(&self, headers: Headers) {
        // A connection is settled once.
        let _ = self.headers.set(headers);
    }

    /// No question is asked by request any more.
    pub(crate) fn stateless(&self) {
        self.asked.refuse();
    }

    pub(crate) fn take(&self, message: &Bytes) {
        match decode(message) {
            Incoming::Single(message) => self.one(message),
            Incoming::Batch(messages) => messages.into_iter().for_each(|message| self.one(message)),
        }
    }

    fn one(&self, message: Result<Message<'_>, Malformed>) {
        match message {
            Ok(Message::Notification { method, params }) => {
                if method == "notifications/cancelled" {
                    self.asked.cancelled(params);
                }
                self.routes.notification(&method, params);
            }
            Ok(Message::Request { id, method, params }) => {
                if let Some(link) = self.link.get() {
                    let headers = self.headers.get().copied().unwrap_or_default();
                    let line = Line { link: link.clone(), headers };
                    self.asked.answer(&self.routes, line, id, &method, params);
                }
            }
            Ok(Message::Response { id, .. }) => {
                tracing::debug!(?id, "the server answered a request that nobody waits for");
            }
            Err(malformed) => tracing::warn!(%malformed, "the server sent a malformed message"),
        }
    }

    pub(crate) fn shut(&self) {
        self.shut.store(true, Ordering::Release);
        self.asked.abort();
    }
}

impl Outlet for Inlet {
    fn try_send(&self, message: Bytes) -> Result<(), SendError> {
        if self.shut.load(Ordering::Acquire) {
            return Err(Closed.into());
        }
        self.take(&message);
        Ok(())
    }

    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        Box::pin(async move { self.try_send(message).map_err(|_| Closed) })
    }
}

impl fmt::Debug for Inlet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inlet").field("asked", &self.asked).finish_non_exhaustive()
    }
}
