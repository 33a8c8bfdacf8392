use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use toolwright_core::joint::{BoxFuture, Closed, Outlet, SendError};

use crate::stream::Stream;

/// What a session has to say outside of requests: the messages that clients read by GET.
///
/// Until the first client reads them there is no stream, and nothing is kept.
#[derive(Default)]
pub(super) struct General(Mutex<State>);

#[derive(Default)]
enum State {
    #[default]
    Unread,
    Open(Arc<Stream>),
    Ended,
}

impl General {
    /// The stream, made when it is first read. `None` once the session ended.
    pub(super) fn read(&self, make: impl FnOnce() -> Stream) -> Option<Arc<Stream>> {
        let mut state = self.lock();
        if let State::Unread = *state {
            *state = State::Open(Arc::new(make()));
        }
        match &*state {
            State::Open(stream) => Some(Arc::clone(stream)),
            State::Unread | State::Ended => None,
        }
    }

    /// The stream, if anybody ever read it.
    pub(super) fn opened(&self) -> Option<Arc<Stream>> {
        match &*self.lock() {
            State::Open(stream) => Some(Arc::clone(stream)),
            State::Unread | State::Ended => None,
        }
    }

    pub(super) fn end(&self) {
        let ended = std::mem::replace(&mut *self.lock(), State::Ended);
        if let State::Open(stream) = ended {
            stream.finish(None);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outlet for General {
    fn try_send(&self, message: Bytes) -> Result<(), SendError> {
        self.opened().ok_or(Closed)?.try_push(message)
    }

    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        let stream = self.opened();
        Box::pin(async move { stream.ok_or(Closed)?.push(message).await })
    }
}
