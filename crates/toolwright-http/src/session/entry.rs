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
    pub(crate) fn is_full(&self) -> bool {
        let running =
            self.active.load(Ordering::Acquire).saturating_sub(self.readers.load(Ordering::Acquire));
        usize::try_from(running).unwrap_or(usize::MAX) >= self.home.limits.in_flight
    }

    /// It was heard of just now.
    pub(super) fn touch(&self) {
        self.touch_at(self.home.now());
    }

    pub(super) fn touch_at(&self, now: u64) {
        self.seen.store(now, Ordering::Release);
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
            if self.kind == Kind::Pair {
                // Carries everything, and its client never resumes.
                return Stream::new(&limits, None);
            }
            let most = limits.queue.min(MOST_GENERAL);
            let log = self.streams().log(GENERAL, &self.id, self.home.events.as_ref());
            Stream::unread(&limits.queue(most), log)
        })
    }

    /// The stream that an event id belongs to, and the number of that event in it. `None` for an id that this session never gave,
    /// and for streams that are not kept any more.
    pub(crate) fn resume(&self, last_event_id: &str) -> Option<(Arc<Stream>, u64)> {
        self.home.events.as_ref()?;
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
        f.debug_struct("Entry")
            .field("kind", &self.kind)
            .field("active", &self.active)
            .finish_non_exhaustive()
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

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use http_body::Body as _;
    use toolwright_core::joint::SendError;

    use super::*;
    use crate::{
        events::{EventStore as _, MemoryEventStore},
        session::double::Double,
        stream::{Reader, SseBody},
    };

    fn entry(kind: Kind) -> (Arc<Entry>, SharedEventStore, Arc<dyn Outlet>) {
        let store = SharedEventStore::new(MemoryEventStore::new());
        let home = Home::new(Limits::default().in_flight(2), Some(store.clone()));
        let endpoint = Double::default();
        let entry = Entry::new(&endpoint, Arc::new(home), None, kind);
        (entry, store, Arc::clone(endpoint.outlet.get().unwrap()))
    }

    async fn next(reader: Reader) -> Option<String> {
        let mut body = Box::pin(SseBody::new(reader, std::time::Duration::from_secs(15)));
        let frame = poll_fn(|context| body.as_mut().poll_frame(context)).await?;
        Some(String::from_utf8(frame.unwrap().into_data().unwrap().into()).unwrap())
    }

    #[tokio::test]
    async fn nothing_is_kept_before_the_first_reader_and_a_little_while_it_reconnects() {
        let (entry, _, outlet) = entry(Kind::Streamable);
        assert!(matches!(outlet.try_send("lost".into()), Err(SendError::Closed(_))));
        drop(entry.general().unwrap().attach());
        for number in 0..MOST_GENERAL {
            outlet.try_send(number.to_string().into()).unwrap();
        }
        assert!(matches!(outlet.try_send("more".into()), Err(SendError::Full(_))));
        assert_eq!(next(entry.general().unwrap().attach()).await.unwrap(), "id: 0-1\ndata: 0\n\n");
    }

    #[tokio::test]
    async fn an_event_id_leads_to_its_stream_and_only_if_it_was_given() {
        let (entry, ..) = entry(Kind::Streamable);
        let (first, second) = (entry.stream(), entry.stream());
        first.try_push("a".into()).unwrap();
        first.try_push("b".into()).unwrap();
        assert_eq!(next(first.attach()).await.unwrap(), "id: 1-1\ndata: a\n\n");
        let (found, sequence) = entry.resume("1-1").unwrap();
        assert!(Arc::ptr_eq(&found, &first));
        assert_eq!(next(found.attach().resume_after(sequence)).await.unwrap(), "id: 1-2\ndata: b\n\n");
        assert!(Arc::ptr_eq(&entry.resume("2-0").unwrap().0, &second));
        for id in [
            "",
            "1",
            "1-",
            "-1",
            "1-3",
            "2-1",
            "3-0",
            "0-0",
            "01-1",
            "1-+1",
            "1-1-1",
            "1-18446744073709551616",
        ] {
            assert!(entry.resume(id).is_none(), "{id:?} was never given");
        }
    }

    #[tokio::test]
    async fn few_finished_streams_are_kept_and_all_running_ones() {
        let (entry, store, _) = entry(Kind::Streamable);
        let running = entry.stream();
        running.try_push("working".into()).unwrap();
        for _ in 0..20 {
            let stream = entry.stream();
            stream.finish(Some("answer".into()));
            next(stream.attach()).await.unwrap();
        }
        drop(entry.begin());
        tokio::task::yield_now().await;
        assert!(entry.resume("1-0").is_some(), "the running one");
        let resumable = (2..=21).filter(|number| entry.resume(&format!("{number}-1")).is_some());
        assert_eq!(resumable.collect::<Vec<_>>(), Vec::from_iter(14..=21));
        assert!(
            store.after(entry.id(), 13, 0).await.unwrap().is_empty(),
            "what cannot be resumed is forgotten"
        );
        assert_eq!(store.after(entry.id(), 14, 0).await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn the_end_finishes_all_streams_and_forgets_their_events() {
        let (entry, store, outlet) = entry(Kind::Streamable);
        let (general, stream) = (entry.general().unwrap(), entry.stream());
        stream.try_push("a".into()).unwrap();
        next(stream.attach()).await.unwrap();
        let waiting = stream.attach();
        entry.end();
        assert_eq!(next(waiting).await, None);
        assert_eq!(next(general.attach()).await, None);
        assert!(matches!(outlet.try_send("late".into()), Err(SendError::Closed(_))));
        assert!(entry.general().is_none() && entry.resume("1-1").is_none());
        drop((general, stream));
        tokio::task::yield_now().await;
        assert!(store.after(entry.id(), 1, 0).await.unwrap().is_empty());
        let late = entry.stream();
        late.try_push("b".into()).unwrap();
        assert_eq!(next(late.attach()).await.unwrap(), "data: b\n\n", "without an id, for nothing is kept");
    }

    #[test]
    fn readers_and_requests_are_counted_apart_and_bounded() {
        let (entry, ..) = entry(Kind::Streamable);
        let readers: Vec<_> = (0..MOST_READERS).map(|_| entry.begin_reading().unwrap()).collect();
        assert!(entry.begin_reading().is_none());
        assert!(!entry.is_full());
        let requests = [entry.begin(), entry.begin()];
        assert!(entry.is_full());
        drop(readers);
        assert!(entry.is_full() && entry.begin_reading().is_some());
        drop(requests);
        assert!(!entry.is_full() && entry.idle_since().is_some());
    }

    #[tokio::test]
    async fn the_stream_of_the_old_pair_gives_no_ids() {
        let (entry, _, outlet) = entry(Kind::Pair);
        let reader = entry.general().unwrap().attach();
        outlet.try_send("{}".into()).unwrap();
        assert_eq!(next(reader).await.unwrap(), "data: {}\n\n");
    }
}
