use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tokio::sync::Notify;

use crate::shared::Shared;

/// Places for everything that runs or lasts, over all clients.
#[derive(Debug)]
pub(crate) struct Slots {
    requests: AtomicUsize,
    streams: AtomicUsize,
    /// How many of the streams are calls.
    listens: AtomicUsize,
    most_requests: usize,
    most_streams: usize,
    /// Whether anybody waits for calls to end.
    watched: AtomicBool,
    changed: Notify,
}

impl Slots {
    /// So many calls, and so many streams that last.
    pub(crate) fn new(most_requests: usize, most_streams: usize) -> Self {
        Self {
            requests: AtomicUsize::new(0),
            streams: AtomicUsize::new(0),
            listens: AtomicUsize::new(0),
            most_requests: most_requests.max(1),
            most_streams: most_streams.max(1),
            watched: AtomicBool::new(false),
            changed: Notify::new(),
        }
    }

    /// Takes a place for a call.
    pub(crate) fn begin_request(&self) -> bool {
        take(&self.requests, self.most_requests)
    }

    /// Gives the place of a call back.
    pub(crate) fn end_request(&self) {
        self.requests.fetch_sub(1, Ordering::SeqCst);
        self.tell();
    }

    /// The call turned out to be one that lasts: it moves to a place for streams, if one is free.
    pub(crate) fn turn_into_listen(&self) -> bool {
        if !take(&self.streams, self.most_streams) {
            return false;
        }
        self.listens.fetch_add(1, Ordering::SeqCst);
        self.end_request();
        true
    }

    /// Gives the place of a call that lasted back.
    pub(crate) fn end_listen(&self) {
        self.streams.fetch_sub(1, Ordering::SeqCst);
        self.listens.fetch_sub(1, Ordering::SeqCst);
        self.tell();
    }

    /// How many calls run, those that last not counted.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// How many streams last.
    pub(crate) fn streams(&self) -> usize {
        self.streams.load(Ordering::SeqCst)
    }

    /// Resolves when no call runs, not even one that lasts.
    pub(crate) async fn idle(&self) {
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            self.watched.store(true, Ordering::SeqCst);
            if self.requests() == 0 && self.listens.load(Ordering::SeqCst) == 0 {
                return;
            }
            changed.await;
        }
    }

    fn tell(&self) {
        if self.watched.load(Ordering::SeqCst) {
            self.changed.notify_waiters();
        }
    }
}

fn take(taken: &AtomicUsize, most: usize) -> bool {
    let free = taken.fetch_add(1, Ordering::SeqCst) < most;
    if !free {
        taken.fetch_sub(1, Ordering::SeqCst);
    }
    free
}

/// The place of a stream that belongs to no call, given back when dropped.
pub(crate) struct StreamSlot(Arc<Shared>);

impl StreamSlot {
    /// A place, if one is free.
    pub(crate) fn take(shared: &Arc<Shared>) -> Option<Self> {
        take(&shared.slots.streams, shared.slots.most_streams).then(|| Self(Arc::clone(shared)))
    }
}

impl Drop for StreamSlot {
    fn drop(&mut self) {
        self.0.slots.streams.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_bounded_and_places_come_back() {
        let slots = Slots::new(2, 1);
        assert!(slots.begin_request() && slots.begin_request() && !slots.begin_request());
        slots.end_request();
        assert_eq!(slots.requests(), 1);
        assert!(slots.begin_request());
    }

    #[test]
    fn a_listen_takes_the_place_of_a_stream_instead() {
        let slots = Slots::new(1, 1);
        assert!(slots.begin_request() && slots.turn_into_listen());
        assert_eq!((slots.requests(), slots.streams()), (0, 1));
        assert!(slots.begin_request() && !slots.turn_into_listen());
        slots.end_listen();
        assert!(slots.turn_into_listen());
    }

    #[tokio::test]
    async fn it_is_idle_when_neither_requests_nor_listens_run() {
        let slots = Slots::new(2, 1);
        slots.idle().await;
        assert!(slots.begin_request() && slots.begin_request() && slots.turn_into_listen());
        tokio::join!(slots.idle(), async {
            for end in [Slots::end_request, Slots::end_listen] {
                assert_ne!(slots.requests() + slots.streams(), 0);
                tokio::task::yield_now().await;
                end(&slots);
            }
        });
        assert_eq!(slots.requests() + slots.streams(), 0);
    }
}
