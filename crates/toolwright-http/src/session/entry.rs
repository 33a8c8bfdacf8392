use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, AtomicU64, Ordering},
    },
};

use tokio::time::Instant;
use toolwright_core::joint::{Endpoint, Limits, Outlet, Principal, Session};

use super::{
    general::General,
    id,
    owner::Owner,
    streams::{GENERAL, Streams},
};
use crate::{events::SharedEventStore, stream::Stream};

/// Most connections that read the messages of one session by GET.
const MOST_READERS: u32 = 8;

/// Most messages that belong to no request and wait for a client to come back.
const MOST_GENERAL: usize = 64;

/// One session: a record, without a task or a channel of its own.
pub(crate) struct Entry {
    id: Arc<str>,
    session: Arc<dyn Session>,
    owner: Owner,
    kind: Kind,
    general: Arc<General>,
    streams: Mutex<Streams>,
    home: Arc<Home>,
    /// When it was last seen, in nanoseconds of the home's clock.
    seen: AtomicU64,
    /// Running requests and open streams.
    active: AtomicU32,
    readers: AtomicU32,
}

/// Over which endpoint a session is reached. The two do not know each other's sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Streamable HTTP.
    Streamable,
    /// The pair of endpoints of 2024-11-05.
    Pair,
}

/// What all sessions share.
pub(super) struct Home {
    epoch: Instant,
    limits: Limits,
    events: Option<SharedEventStore>,
    /// How often a session became inactive.
    rests: AtomicU64,
}

impl Home {
    pub(super) fn new(limits: Limits, events: Option<SharedEventStore>) -> Self {
        Self { epoch: Instant::now(), limits, events, rests: AtomicU64::new(0) }
    }

    /// Nanoseconds since the beginning, which 64 bits hold for centuries.
    pub(super) fn now(&self) -> u64 {
        u64::try_from(self.epoch.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    pub(super) fn rests(&self) -> u64 {
        self.rests.load(Ordering::Acquire)
    }
}

impl Entry {
    pub(super) fn new(
        endpoint: &dyn Endpoint,
        home: Arc<Home>,
        principal: Option<&Principal>,
        kind: Kind,
    ) -> Arc<Self> {
        let general = Arc::new(General::default());
        let session = endpoint.open(Arc::clone(&general) as Arc<dyn Outlet>);
        Arc::new(Self {
            id: id::unguessable(),
            session,
            owner: Owner::new(principal),
            kind,
            general,
            streams: Mutex::default(),
            seen: AtomicU64::new(home.now()),
            home,
            active: AtomicU32::new(0),
            readers: AtomicU32::new(0),
        })
    }

    /// Its name, for the header that the client repeats.
    pub(crate) fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// What the endpoint remembers of it.
    pub(crate) fn session(&self) -> Arc<dyn Session> {
        Arc::clone(&self.session)
    }

    pub(super) fn belongs_to(&self, principal: Option<&Principal>, kind: Kind) -> bool {
        self.kind == kind && self.owner.is(principal)
    }

    /// Counts as activity until the guard is dropped: a running request, an open stream.
    pub(crate) fn begin(self: &Arc<Self>) -> Active {
        self.active.fetch_add(1, Ordering::AcqRel);
        Active { entry: Arc::clone(self), reads: false }
    }

    /// Counts one more connection that reads by GET; `None` when there are too many.
    pub(crate) fn begin_reading(self: &Arc<Self>) -> Option<Active> {
        let counted = self
            .readers
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |readers| {
                (readers < MOST_READERS).then_some(readers + 1)
            })
            .is_ok();
        counted.then(|| {
            self.active.fetch_add(1, Ordering::AcqRel);
            Active { entry: Arc::clone(self), reads: true }
        })
    }

    /// Whether no more requests of this session may run.
    pub(super) fn is_full(&self) -> bool {
        let running =
            self.active.load(Ordering::Acquire).saturating_sub(self.readers.load(Ordering::Acquire));
        usize::try_from(running).unwrap_or(usize::MAX) >= self.home.limits.in_flight
    }

    /// It was heard of just now.
    pub(super) fn touch(&self) {
        self.seen.store(self.home.now(), Ordering::Release);
    }

    /// Since when it is idle; `None` while it is active.
    pub(super) fn idle_since(&self) -> Option<u64> {
        // In this order: what ends its activity in between was touched before.
        (self.active.load(Ordering::Acquire) == 0).then(|| self.seen.load(Ordering::Acquire))
    }

    /// A new resumable stream for the messages of one request.
    pub(crate) fn stream(&self) -> Arc<Stream> {
        let mut streams = self.streams();
        let stream = streams.open(&self.home.limits, &self.id, self.home.events.as_ref());
        let trimmed = streams.trim();
        drop(streams);
        drop(trimmed);
        stream
    }

    /// The stream of what belongs to no request, for somebody who reads it. `None` once the session ended.
    pub(crate) fn general(&self) -> Option<Arc<Stream>> {
        self.general.read(|| {
            let limits = self.home.limits.clone();
            let most = limits.queue.min(MOST_GENERAL);
            // A client of the old pair of endpoints never resumes.
            let store = self.home.events.as_ref().filter(|_| self.kind == Kind::Streamable);
            let log = self.streams().log(GENERAL, &self.id, store);
            Stream::unread(&limits.queue(most), log)
        })
    }

    /// The stream that an event id belongs to, and the number of that event in it. `None` for an id that this session never gave,
    /// and for streams that are not kept any more.
    pub(crate) fn resume(&self, last_event_id: &str) -> Option<(Arc<Stream>, u64)> {
        let (stream, sequence) = last_event_id.split_once('-')?;
        let (stream, sequence) = (number(stream)?, number(sequence)?);
        let stream = if stream == GENERAL { self.general.opened() } else { self.streams().get(stream) }?;
        stream.has_sent(sequence).then_some((stream, sequence))
    }

    /// Ends it: running requests are cancelled, streams end, events are forgotten.
    pub(super) fn end(&self) {
        let (streams, events) = self.streams().end();
        self.session.close();
        self.general.end();
        for (_, stream) in streams {
            stream.finish(None);
        }
        drop(events);
    }

    fn streams(&self) -> MutexGuard<'_, Streams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A number as this crate writes it.
fn number(text: &str) -> Option<u64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    if plain { text.parse().ok() } else { None }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Not its name: who knows that can act as the client.
        f.debug_struct("Entry").field("kind", &self.kind).field("active", &self.active).finish_non_exhaustive()
    }
}

/// Keeps a session from being idle.
pub(crate) struct Active {
    entry: Arc<Entry>,
    reads: bool,
}

impl Drop for Active {
    fn drop(&mut self) {
        let entry = &self.entry;
        entry.touch();
        if self.reads {
            entry.readers.fetch_sub(1, Ordering::AcqRel);
        }
        if entry.active.fetch_sub(1, Ordering::AcqRel) == 1 {
            entry.home.rests.fetch_add(1, Ordering::AcqRel);
        }
        let trimmed = entry.streams().trim();
        drop(trimmed);
    }
}
