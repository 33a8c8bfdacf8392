use std::{
    collections::VecDeque,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;

/// Places for calls that run at the same time, and the line of requests before them.
#[derive(Debug)]
pub(crate) struct Slots {
    /// Only the reader takes slots, so what it sees can only have become less.
    running: AtomicUsize,
    waiting: Mutex<Waiting>,
    most: usize,
    most_bytes: usize,
}

#[derive(Debug, Default)]
struct Waiting {
    line: VecDeque<Bytes>,
    bytes: usize,
}

/// What becomes of a request.
#[derive(Debug, PartialEq)]
pub(crate) enum Place {
    /// It may start.
    Free(Bytes),
    /// It starts when a call before it ends.
    InLine,
    /// Too much waits already.
    None,
}

impl Slots {
    /// At most `most` calls; what waits for a place has at most `most_bytes` bytes.
    pub(crate) fn new(most: usize, most_bytes: usize) -> Self {
        Self { running: AtomicUsize::new(0), waiting: Mutex::default(), most: most.max(1), most_bytes }
    }

    /// How many calls may run.
    pub(crate) fn most(&self) -> usize {
        self.most
    }

    /// How many calls run. Responses and notifications count, but are not bounded by the same number.
    pub(crate) fn running(&self) -> usize {
        self.running.load(Ordering::SeqCst)
    }

    /// Puts a request in line if no slot is free.
    pub(crate) fn place(&self, request: Bytes) -> Place {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if self.running() < self.most {
            return Place::Free(request);
        }
        if waiting.bytes + request.len() > self.most_bytes {
            return Place::None;
        }
        waiting.bytes += request.len();
        // A copy, so that a short request does not keep the whole block it was read in.
        waiting.line.push_back(Bytes::copy_from_slice(&request));
        Place::InLine
    }

    /// A call takes a slot.
    pub(crate) fn occupy(&self) {
        self.running.fetch_add(1, Ordering::SeqCst);
    }

    /// A call ended: the request that takes over its slot, or none, and the slot is free.
    pub(crate) fn pass_on(&self) -> Option<Bytes> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if self.running() <= self.most
            && let Some(request) = waiting.line.pop_front()
        {
            waiting.bytes -= request.len();
            return Some(request);
        }
        self.running.fetch_sub(1, Ordering::SeqCst);
        None
    }

    /// A call ended, and nothing follows it.
    pub(crate) fn vacate(&self) {
        self.running.fetch_sub(1, Ordering::SeqCst);
    }

    /// Forgets everything in line.
    pub(crate) fn dismiss(&self) {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        *waiting = Waiting::default();
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Slots};

    #[test]
    fn requests_wait_in_order_until_too_much_waits() {
        let slots = Slots::new(1, 4);
        assert_eq!(slots.place("1".into()), Place::Free("1".into()));
        slots.occupy();
        assert_eq!(slots.place("22".into()), Place::InLine);
        assert_eq!(slots.place("33".into()), Place::InLine);
        assert_eq!(slots.place("4".into()), Place::None);
        assert_eq!(slots.pass_on().unwrap(), "22");
        assert_eq!(slots.pass_on().unwrap(), "33");
        assert_eq!((slots.running(), slots.pass_on(), slots.running()), (1, None, 0));
    }

    #[test]
    fn a_notification_beyond_the_limit_passes_no_slot_on() {
        let slots = Slots::new(1, 4);
        slots.occupy();
        assert_eq!(slots.place("1".into()), Place::InLine);
        slots.occupy();
        assert_eq!(slots.pass_on(), None);
        assert_eq!(slots.pass_on().unwrap(), "1");
    }
}
