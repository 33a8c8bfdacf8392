use std::{
    mem,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU8, Ordering},
    },
    task::{Context, Waker},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use toolwright_core::{
    headers::MCP_SESSION_ID,
    joint::{
        Arrival, ArrivalKind, BoxFuture, Closed, Outbound, Outlet, Principal, Refused, SendError,
        SessionLookup, Standing,
    },
    jsonrpc::{
        RpcError,
        encode::{self, AbsentId},
    },
    model::Method,
};

use super::accept::Accepts;
use crate::{
    session::{Active, Entry, Place},
    shared::Shared,
    stream::{SseBody, Stream},
};

/// The call sent something before its answer, so that the response has to be a stream.
const EMITTED: u8 = 1;
/// The call has ended: nothing follows.
const ENDED: u8 = 1 << 1;
/// The message was found to belong to a revision with a handshake.
const LEGACY: u8 = 1 << 2;
/// Nobody can read what is sent.
const DEAF: u8 = 1 << 3;
/// The call lasts and has the place of a stream.
const LISTENS: u8 = 1 << 4;

/// One POST: what its call asks the transport for, and what the transport has to know about its call.
///
/// A call of a stateless revision that sends nothing before its answer takes no lock here.
pub(super) struct Exchange {
    pub(super) shared: Arc<Shared>,
    principal: Option<Principal>,
    accepts: Accepts,
    signs: AtomicU8,
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// Who polls the call in place, to be told when it sends something.
    watcher: Option<Waker>,
    stream: Option<Arc<Stream>>,
    session: Option<Arc<Entry>>,
    /// Whether the call may open the session.
    opening: bool,
    active: Option<Active>,
}

/// How a call ended.
pub(super) enum Conclusion {
    /// The answer is all there is.
    Whole(Outbound),
    /// The answer is at the end of this stream, if anybody may read it. Further headers, in case the response has not begun.
    Streamed(Option<Arc<Stream>>, HeaderMap),
}

impl Exchange {
    /// For a message whose call has a slot for requests. [`end`](Self::end) has to follow.
    pub(super) fn new(shared: Arc<Shared>, principal: Option<Principal>, accepts: Accepts) -> Self {
        let signs = AtomicU8::new(if accepts.events { 0 } else { DEAF });
        Self { shared, principal, accepts, signs, inner: Mutex::default() }
    }

    /// Whether the client takes nothing but streams.
    pub(super) fn wants_events(&self) -> bool {
        !self.accepts.json
    }

    /// Whether a connection that ends takes the call with it. Until the message is read, nothing was begun that could go on.
    pub(super) fn dies_with_connection(&self) -> bool {
        !self.has(LEGACY)
    }

    /// Resolves when nobody waits any longer for calls to end.
    pub(super) fn given_up(&self) -> BoxFuture<'static, ()> {
        let life = Arc::clone(&self.shared.life);
        Box::pin(async move { life.given_up().await })
    }

    /// Whether the response has to be a stream. If not, the task of `context` is woken when it has to.
    pub(super) fn has_emitted(&self, context: &Context<'_>) -> bool {
        if self.has(EMITTED) {
            return true;
        }
        let mut inner = self.lock();
        if !inner.watcher.as_ref().is_some_and(|watcher| watcher.will_wake(context.waker())) {
            inner.watcher = Some(context.waker().clone());
        }
        drop(inner);
        // Whoever sends something sets the sign first and looks for a watcher then.
        self.has(EMITTED)
    }

    /// The stream of what was sent before the answer.
    pub(super) fn emitted(&self) -> Option<Arc<Stream>> {
        self.lock().stream.clone()
    }

    /// A connection that reads `stream`.
    pub(super) fn body(&self, stream: &Arc<Stream>) -> SseBody {
        let options = &self.shared.options;
        let session = self.lock().session.as_ref().map(|entry| entry.session());
        let mut reader = stream.attach().retry(options.retry);
        if session
            .and_then(|session| session.revision())
            .is_some_and(|revision| revision.era().primes_streams())
        {
            reader = reader.primer();
        }
        SseBody::new(reader, options.keep_alive)
    }

    /// Takes the answer; nothing can be sent after it.
    pub(super) fn conclude(&self, outbound: Outbound) -> Conclusion {
        let before = self.signs.fetch_or(ENDED, Ordering::SeqCst);
        let outbound = if outbound.opened { self.enter(outbound) } else { outbound };
        if before & EMITTED == 0 {
            return Conclusion::Whole(outbound);
        }
        let stream = self.lock().stream.take();
        if let Some(stream) = &stream {
            stream.finish(outbound.body);
        }
        Conclusion::Streamed(stream, outbound.headers)
    }

    /// The handshake succeeded: the session becomes known.
    fn enter(&self, mut outbound: Outbound) -> Outbound {
        let entry = self.lock().session.clone();
        let Some(entry) = entry else { return outbound };
        match self.shared.sessions.enter(Arc::clone(&entry)) {
            Ok(()) => {
                outbound.headers.extend(self.session_header());
                outbound
            }
            Err(Refused { status, error, .. }) => {
                Outbound::answer(encode::error(None, AbsentId::Omitted, &error)).status(status)
            }
        }
    }

    /// Names the session that this call opens.
    pub(super) fn session_header(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let inner = self.lock();
        if let Some(entry) = inner.session.as_ref().filter(|_| inner.opening)
            && let Ok(id) = HeaderValue::from_str(entry.id())
        {
            headers.insert(MCP_SESSION_ID, id);
        }
        headers
    }

    /// The client is gone, and the call goes on without anybody to hear it.
    pub(super) fn deafen(&self) {
        self.signs.fetch_or(DEAF, Ordering::SeqCst);
        let stream = self.lock().stream.take();
        if let Some(stream) = stream {
            stream.finish(None);
        }
    }

    /// The call is over, however it ended: its place is free.
    pub(super) fn end(&self) {
        let before = self.signs.fetch_or(ENDED, Ordering::SeqCst);
        if before & (EMITTED | LEGACY) != 0 {
            let left = mem::take(&mut *self.lock());
            if let Some(stream) = &left.stream {
                stream.finish(None);
            }
        }
        if before & LISTENS == 0 {
            self.shared.slots.end_request();
        } else {
            self.shared.slots.end_listen();
        }
    }

    /// The stream for a message before the answer, made for the first one.
    fn stream(&self) -> Result<Arc<Stream>, Closed> {
        let mut inner = self.lock();
        if self.has(ENDED | DEAF) {
            return Err(Closed);
        }
        if let Some(stream) = &inner.stream {
            return Ok(Arc::clone(stream));
        }
        let stream = match &inner.session {
            Some(entry) if !inner.opening => entry.stream(),
            _ => Arc::new(Stream::new(&self.shared.limits, None)),
        };
        inner.stream = Some(Arc::clone(&stream));
        Ok(stream)
    }

    /// Lets the response become a stream.
    fn announce(&self) -> Result<(), Closed> {
        let before = self.signs.fetch_or(EMITTED, Ordering::SeqCst);
        if before & EMITTED != 0 {
            return Ok(());
        }
        let mut inner = self.lock();
        if before & (ENDED | DEAF) != 0 {
            // The answer was given meanwhile as one body.
            let stream = inner.stream.take();
            drop(inner);
            if let Some(stream) = stream {
                stream.finish(None);
            }
            return Err(Closed);
        }
        let watcher = inner.watcher.take();
        drop(inner);
        if let Some(watcher) = watcher {
            watcher.wake();
        }
        Ok(())
    }

    fn has(&self, sign: u8) -> bool {
        self.signs.load(Ordering::SeqCst) & sign != 0
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outlet for Exchange {
    fn try_send(&self, message: Bytes) -> Result<(), SendError> {
        self.stream()?.try_push(message)?;
        Ok(self.announce()?)
    }

    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        Box::pin(async move {
            let stream = self.stream()?;
            self.announce()?;
            stream.push(message).await
        })
    }

    fn close_stream(&self, retry: Option<Duration>) -> bool {
        self.stream().is_ok_and(|stream| stream.pause(retry)) && self.announce().is_ok()
    }
}

impl SessionLookup for Exchange {
    fn find(&self, arrival: &Arrival<'_>) -> Result<Standing, Refused> {
        let asks = matches!(arrival.kind, ArrivalKind::Request(_) | ArrivalKind::Batch);
        if asks && self.shared.life.is_draining() {
            let error = RpcError::internal_error("the server is shutting down; try again");
            return Err(Refused::new(StatusCode::SERVICE_UNAVAILABLE, error));
        }
        if arrival.stateless {
            return self.find_place(arrival).map(|()| Standing::default());
        }
        let place = self.shared.sessions.stand(arrival, self.principal.as_ref())?;
        self.signs.fetch_or(LEGACY, Ordering::SeqCst);
        let (entry, opening) = match place {
            Place::Stateless { assumed } => return Ok(Standing::assumed(assumed)),
            Place::In(entry) => (entry, false),
            Place::Opening(entry) => (entry, true),
        };
        let session = entry.session();
        let mut inner = self.lock();
        inner.active = asks.then(|| entry.begin());
        inner.session = Some(entry);
        inner.opening = opening;
        Ok(Standing::session(session))
    }
}

impl Exchange {
    /// A call that lasts needs a place for streams, and a client that reads one.
    fn find_place(&self, arrival: &Arrival<'_>) -> Result<(), Refused> {
        if !matches!(arrival.kind, ArrivalKind::Request(Method::Listen)) || self.has(LISTENS) {
            return Ok(());
        }
        if !self.accepts.events {
            let error = RpcError::invalid_request(
                "a subscription is answered by a stream of events; accept `text/event-stream`",
            );
            return Err(Refused::new(StatusCode::NOT_ACCEPTABLE, error));
        }
        if !self.shared.slots.turn_into_listen() {
            let error = RpcError::internal_error("the server has too many open streams; try again later");
            return Err(Refused::new(StatusCode::SERVICE_UNAVAILABLE, error));
        }
        self.signs.fetch_or(LISTENS, Ordering::SeqCst);
        Ok(())
    }
}
