use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use toolwright_store::StoreError;

use super::EventStore;

/// What keeping an event costs beside its bytes.
const OVERHEAD: usize = 64;

/// An [`EventStore`] of a single process.
///
/// It keeps at most 256 events or 1 MiB of a stream, whichever is less, and 64 MiB of all streams; beyond that the oldest events,
/// then the streams silent for longest, go. The newest event of a stream is kept whatever its size, since it may be the answer
/// that the client waits for.
///
/// # Example
/// ```
/// use toolwright_http::{EventStore, MemoryEventStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), toolwright_store::StoreError> {
/// let store = MemoryEventStore::new().events_per_stream(1);
/// store.append("session", 1, 1, "a".into()).await?;
/// store.append("session", 1, 2, "b".into()).await?;
/// assert_eq!(store.after("session", 1, 0).await?, [(2, "b".into())]);
/// # Ok(())
/// # }
/// ```
pub struct MemoryEventStore {
    most_events: usize,
    most_per_stream: usize,
    most: usize,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    sessions: HashMap<Arc<str>, BTreeMap<u64, Kept>>,
    /// Streams by their last event, the oldest first.
    by_age: BTreeMap<u64, (Arc<str>, u64)>,
    /// Counts appended events.
    clock: u64,
    bytes: usize,
}

#[derive(Default)]
struct Kept {
    events: VecDeque<(u64, Bytes)>,
    bytes: usize,
    touched: u64,
}

impl MemoryEventStore {
    /// An empty store.
    pub fn new() -> Self {
        Self {
            most_events: 256,
            most_per_stream: 1024 * 1024,
            most: 64 * 1024 * 1024,
            state: Mutex::default(),
        }
    }

    /// Most events of one stream. Default 256.
    pub fn events_per_stream(mut self, most: usize) -> Self {
        self.most_events = most;
        self
    }

    /// Most bytes of one stream. Default 1 MiB.
    pub fn bytes_per_stream(mut self, most: usize) -> Self {
        self.most_per_stream = most;
        self
    }

    /// Most bytes of all streams. Default 64 MiB.
    pub fn bytes(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// How many bytes are kept now, in events of all streams.
    pub fn kept_bytes(&self) -> usize {
        self.state().bytes
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn append(&mut self, session: &str, stream: u64, sequence: u64, event: Bytes) -> Option<&mut Kept> {
        let name = match self.sessions.get_key_value(session) {
            Some((name, _)) => Arc::clone(name),
            None => Arc::from(session),
        };
        let kept = self.sessions.entry(Arc::clone(&name)).or_default().entry(stream).or_default();
        if kept.events.back().is_some_and(|(last, _)| *last >= sequence) {
            return None;
        }
        self.clock += 1;
        self.by_age.remove(&kept.touched);
        self.by_age.insert(self.clock, (name, stream));
        kept.touched = self.clock;
        let size = event.len() + OVERHEAD;
        kept.events.push_back((sequence, event));
        kept.bytes += size;
        self.bytes += size;
        Some(kept)
    }

    fn forget(&mut self, session: &str, stream: u64) {
        let Some(streams) = self.sessions.get_mut(session) else { return };
        if let Some(kept) = streams.remove(&stream) {
            self.bytes -= kept.bytes;
            self.by_age.remove(&kept.touched);
        }
        if streams.is_empty() {
            self.sessions.remove(session);
        }
    }
}

impl Kept {
    /// Drops the oldest events beyond the bounds, except for the newest one; returns the bytes that became free.
    fn shrink(&mut self, most_events: usize, most_bytes: usize) -> usize {
        let mut freed = 0;
        while self.events.len() > 1 && (self.events.len() > most_events || self.bytes - freed > most_bytes) {
            let dropped = self.events.pop_front();
            freed += dropped.map_or(0, |(_, event)| event.len() + OVERHEAD);
        }
        self.bytes -= freed;
        freed
    }
}

impl EventStore for MemoryEventStore {
    async fn append(
        &self,
        session: &str,
        stream: u64,
        sequence: u64,
        event: Bytes,
    ) -> Result<(), StoreError> {
        let mut state = self.state();
        let Some(kept) = state.append(session, stream, sequence, event) else { return Ok(()) };
        let freed = kept.shrink(self.most_events, self.most_per_stream);
        state.bytes -= freed;
        while state.bytes > self.most {
            let Some((_, (session, stream))) = state.by_age.first_key_value() else { break };
            let (session, stream) = (Arc::clone(session), *stream);
            tracing::debug!(stream, "too many events are kept; a stream cannot be resumed any more");
            state.forget(&session, stream);
        }
        Ok(())
    }

    async fn after(
        &self,
        session: &str,
        stream: u64,
        sequence: u64,
    ) -> Result<Vec<(u64, Bytes)>, StoreError> {
        let state = self.state();
        let Some(kept) = state.sessions.get(session).and_then(|streams| streams.get(&stream)) else {
            return Ok(Vec::new());
        };
        let first = kept.events.partition_point(|(kept, _)| *kept <= sequence);
        Ok(kept.events.range(first..).cloned().collect())
    }

    async fn forget(&self, session: &str, stream: u64) -> Result<(), StoreError> {
        self.state().forget(session, stream);
        Ok(())
    }

    async fn forget_session(&self, session: &str) -> Result<(), StoreError> {
        let mut state = self.state();
        for kept in state.sessions.remove(session).unwrap_or_default().into_values() {
            state.bytes -= kept.bytes;
            state.by_age.remove(&kept.touched);
        }
        if state.sessions.is_empty() {
            state.sessions.shrink_to_fit();
        }
        Ok(())
    }
}

impl Default for MemoryEventStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryEventStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.state();
        f.debug_struct("MemoryEventStore")
            .field("sessions", &state.sessions.len())
            .field("bytes", &state.bytes)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sequences(store: &MemoryEventStore, session: &str, stream: u64) -> Vec<u64> {
        let events = store.after(session, stream, 0).await.unwrap();
        events.into_iter().map(|(sequence, _)| sequence).collect()
    }

    #[tokio::test]
    async fn a_stream_keeps_its_newest_events() {
        let store = MemoryEventStore::new().events_per_stream(3);
        for sequence in 1..=10 {
            store.append("s", 1, sequence, "event".into()).await.unwrap();
        }
        assert_eq!(sequences(&store, "s", 1).await, [8, 9, 10]);
    }

    #[tokio::test]
    async fn a_large_answer_is_kept_alone() {
        let store = MemoryEventStore::new().bytes_per_stream(1000);
        store.append("s", 1, 1, "small".into()).await.unwrap();
        store.append("s", 1, 2, vec![b'x'; 5000].into()).await.unwrap();
        assert_eq!(sequences(&store, "s", 1).await, [2]);
    }

    #[tokio::test]
    async fn the_stream_silent_for_longest_goes_first() {
        let store = MemoryEventStore::new().bytes(3 * (100 + OVERHEAD));
        for stream in 1..=3 {
            store.append("s", stream, 1, vec![0; 100].into()).await.unwrap();
        }
        store.append("s", 1, 2, vec![0; 100].into()).await.unwrap();
        assert_eq!(sequences(&store, "s", 1).await, [1, 2]);
        assert!(sequences(&store, "s", 2).await.is_empty(), "stream 2 was silent for longest");
        assert_eq!(sequences(&store, "s", 3).await, [1]);
        assert!(store.kept_bytes() <= 3 * (100 + OVERHEAD));
    }

    #[tokio::test]
    async fn what_is_forgotten_takes_no_room() {
        let store = MemoryEventStore::new();
        for session in ["a", "b"] {
            for stream in 0..3 {
                store.append(session, stream, 1, "event".into()).await.unwrap();
            }
        }
        store.forget("a", 0).await.unwrap();
        store.forget_session("a").await.unwrap();
        store.forget_session("b").await.unwrap();
        let state = store.state();
        assert_eq!((state.bytes, state.sessions.len(), state.by_age.len()), (0, 0, 0));
    }
}
