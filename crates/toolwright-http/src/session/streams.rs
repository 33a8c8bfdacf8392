use std::{collections::VecDeque, sync::Arc};

use toolwright_core::joint::Limits;

use crate::{
    events::{EventLog, SessionEvents, SharedEventStore},
    stream::Stream,
};

/// Number of the stream that belongs to no request.
pub(super) const GENERAL: u64 = 0;

/// Most streams of a session that are kept after their end, for clients that lost the connection before it.
const MOST_FINISHED: usize = 8;

/// The resumable streams of a session, which are numbered from one.
#[derive(Default)]
pub(super) struct Streams {
    last: u64,
    kept: VecDeque<(u64, Arc<Stream>)>,
    /// Made with the first stream.
    events: Option<SessionEvents>,
    ended: bool,
}

impl Streams {
    /// A new stream for the messages of one request. Without a store it lasts as long as its connection.
    pub(super) fn open(
        &mut self,
        limits: &Limits,
        session: &Arc<str>,
        store: Option<&SharedEventStore>,
    ) -> Arc<Stream> {
        self.last += 1;
        let number = self.last;
        let log = self.log(number, session, store);
        let resumable = log.is_some();
        let stream = Arc::new(Stream::new(limits, log));
        if resumable {
            self.kept.push_back((number, Arc::clone(&stream)));
        }
        stream
    }

    /// Where the events of a stream go; nowhere without a store, and once the session ended.
    pub(super) fn log(
        &mut self,
        number: u64,
        session: &Arc<str>,
        store: Option<&SharedEventStore>,
    ) -> Option<EventLog> {
        let store = store.filter(|_| !self.ended)?;
        let events =
            self.events.get_or_insert_with(|| SessionEvents::new(store.clone(), Arc::clone(session)));
        Some(events.log(number))
    }

    pub(super) fn get(&self, number: u64) -> Option<Arc<Stream>> {
        self.kept.iter().find(|(kept, _)| *kept == number).map(|(_, stream)| Arc::clone(stream))
    }

    /// Takes out the oldest finished streams beyond the bound. Running ones are bounded by the requests of the session.
    pub(super) fn trim(&mut self) -> Vec<Arc<Stream>> {
        if self.kept.len() <= MOST_FINISHED {
            return Vec::new();
        }
        let finished = self.kept.iter().filter(|(_, stream)| stream.is_finished()).count();
        let mut excess = finished.saturating_sub(MOST_FINISHED);
        let mut trimmed = Vec::with_capacity(excess);
        self.kept.retain(|(_, stream)| {
            if excess == 0 || !stream.is_finished() {
                return true;
            }
            excess -= 1;
            trimmed.push(Arc::clone(stream));
            false
        });
        trimmed
    }

    /// Lets go of everything; no stream opened from now on can be resumed.
    pub(super) fn end(&mut self) -> (VecDeque<(u64, Arc<Stream>)>, Option<SessionEvents>) {
        self.ended = true;
        (std::mem::take(&mut self.kept), self.events.take())
    }
}
