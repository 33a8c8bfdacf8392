use std::{
    collections::VecDeque,
    mem,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
    time::Duration,
};

use bytes::Bytes;
use tokio::sync::Notify;
use toolwright_core::joint::{Closed, Limits, SendError};

use super::Reader;
use crate::events::EventLog;

/// One stream of messages towards a client, whoever reads it and how often the client comes back.
///
/// Messages wait in a bounded queue for the newest reader. Without a log, a stream whose last reader is gone takes nothing more;
/// with one, messages wait for the client to resume, and are logged before they leave the queue. Messages are numbered from one.
pub(crate) struct Stream {
    state: Mutex<State>,
    /// Told when messages left the queue, or none will be taken any more.
    room: Notify,
    log: Option<EventLog>,
    most: usize,
    most_bytes: usize,
}

struct State {
    waiting: VecDeque<Bytes>,
    bytes: usize,
    /// Number of the first message that waits, or of the next one.
    first: u64,
    /// Whether somebody reads or may come to read.
    open: bool,
    finished: bool,
    /// How the first reader leaves, if that was said before it came.
    parting: Option<Leave>,
    /// Readers, the newest last.
    seats: Vec<Seat>,
    next_seat: u64,
}

struct Seat {
    number: u64,
    waker: Option<Waker>,
    leaving: Option<Leave>,
}

/// After how long a reader that is sent away shall come back, if it is not to decide that itself.
type Leave = Option<Duration>;

/// What a reader finds.
#[derive(Debug)]
pub(super) enum Front {
    Message(u64, Bytes),
    Leave(Leave),
    End,
}

impl Stream {
    /// A stream that keeps messages for its first reader.
    pub(crate) fn new(limits: &Limits, log: Option<EventLog>) -> Self {
        Self::with(limits, log, true)
    }

    /// A stream that takes nothing before its first reader.
    pub(crate) fn unread(limits: &Limits, log: Option<EventLog>) -> Self {
        Self::with(limits, log, false)
    }

    fn with(limits: &Limits, log: Option<EventLog>, open: bool) -> Self {
        Self {
            state: Mutex::new(State {
                waiting: VecDeque::new(),
                bytes: 0,
                first: 1,
                open,
                finished: false,
                parting: None,
                seats: Vec::new(),
                next_seat: 0,
            }),
            room: Notify::new(),
            log,
            most: limits.queue.max(1),
            most_bytes: limits.body,
        }
    }

    /// Queues a message without waiting.
    pub(crate) fn try_push(&self, message: Bytes) -> Result<(), SendError> {
        let mut state = self.lock();
        if !state.open || state.finished {
            return Err(Closed.into());
        }
        let bytes = state.bytes.saturating_add(message.len());
        if state.waiting.len() >= self.most || (bytes > self.most_bytes && !state.waiting.is_empty()) {
            return Err(SendError::Full(message));
        }
        state.bytes = bytes;
        state.waiting.push_back(message);
        let reader = state.current().and_then(|seat| seat.waker.take());
        drop(state);
        wake(reader);
        Ok(())
    }

    /// Queues a message, waiting for room.
    pub(crate) async fn push(&self, mut message: Bytes) -> Result<(), Closed> {
        loop {
            message = match self.try_push(message) {
                Err(SendError::Full(message)) => message,
                Ok(()) => return Ok(()),
                Err(_) => return Err(Closed),
            };
            let mut room = pin!(self.room.notified());
            room.as_mut().enable();
            message = match self.try_push(message) {
                Err(SendError::Full(message)) => message,
                Ok(()) => return Ok(()),
                Err(_) => return Err(Closed),
            };
            room.await;
        }
    }

    /// Ends the stream after what waits and `last`, for which there is always room.
    pub(crate) fn finish(&self, last: Option<Bytes>) {
        let mut state = self.lock();
        if state.finished {
            return;
        }
        state.finished = true;
        if let Some(last) = last.filter(|_| state.open) {
            state.bytes = state.bytes.saturating_add(last.len());
            state.waiting.push_back(last);
        }
        let readers = state.all();
        drop(state);
        readers.into_iter().for_each(Waker::wake);
        self.room.notify_waiters();
    }

    /// Sends readers away to come back after `retry`; messages wait for that. `false`, and nothing happens, if no client can come
    /// back.
    pub(crate) fn pause(&self, retry: Option<Duration>) -> bool {
        let mut state = self.lock();
        if self.log.is_none() || state.finished {
            return false;
        }
        for seat in &mut state.seats {
            seat.leaving.get_or_insert(retry);
        }
        if state.next_seat == 0 {
            state.parting = Some(retry);
        }
        let readers = state.all();
        drop(state);
        readers.into_iter().for_each(Waker::wake);
        true
    }

    /// A new reader, which gets the messages from now on.
    pub(crate) fn attach(self: &Arc<Self>) -> Reader {
        let mut state = self.lock();
        state.open = true;
        let seen = state.first - 1;
        let number = state.next_seat;
        state.next_seat += 1;
        let leaving = state.parting.take();
        state.seats.push(Seat { number, waker: None, leaving });
        drop(state);
        Reader::new(Arc::clone(self), number, seen)
    }

    /// Whether somebody reads.
    #[cfg(test)]
    pub(crate) fn is_read(&self) -> bool {
        self.lock().seats.iter().any(|seat| seat.leaving.is_none())
    }

    /// Whether nothing more comes, though messages may still wait.
    pub(crate) fn is_finished(&self) -> bool {
        self.lock().finished
    }

    /// Whether a reader ever got message `sequence`, or is about to; zero stands for the beginning.
    pub(crate) fn has_sent(&self, sequence: u64) -> bool {
        sequence < self.lock().first
    }

    pub(super) fn log(&self) -> Option<&EventLog> {
        self.log.as_ref()
    }

    /// What the reader in `seat` has to do next. Messages up to `seen` are known to it. Without a log, a message is taken off the
    /// queue; with one it stays until [`take`](Self::take).
    pub(super) fn poll_front(&self, context: &mut Context<'_>, seat: u64, seen: u64) -> Poll<Front> {
        let mut state = self.lock();
        let current = state.current().is_some_and(|current| current.number == seat);
        let mut passed = false;
        while current && state.first <= seen && state.pop().is_some() {
            passed = true;
        }
        let ended = state.finished && state.waiting.is_empty();
        let front = state.waiting.front().filter(|_| current).cloned();
        let Some(own) = state.seats.iter_mut().find(|own| own.number == seat) else {
            return Poll::Ready(Front::End);
        };
        let found = match (own.leaving, front) {
            (Some(leave), _) => Poll::Ready(Front::Leave(leave)),
            (None, Some(message)) => Poll::Ready(Front::Message(state.first, message)),
            (None, None) if ended => Poll::Ready(Front::End),
            (None, None) => {
                if !own.waker.as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
                    own.waker = Some(context.waker().clone());
                }
                Poll::Pending
            }
        };
        let others = if self.log.is_none() && matches!(found, Poll::Ready(Front::Message(..))) {
            state.pop();
            passed = true;
            state.others_at_end(seat)
        } else {
            Vec::new()
        };
        drop(state);
        others.into_iter().for_each(Waker::wake);
        if passed {
            self.room.notify_waiters();
        }
        found
    }

    /// Takes message `sequence` off the queue, if it is still there and this reader's.
    pub(super) fn take(&self, seat: u64, sequence: u64) -> Option<Bytes> {
        let mut state = self.lock();
        if state.first != sequence || state.current().is_none_or(|current| current.number != seat) {
            return None;
        }
        let message = state.pop()?;
        let others = state.others_at_end(seat);
        drop(state);
        others.into_iter().for_each(Waker::wake);
        self.room.notify_waiters();
        Some(message)
    }

    /// A reader is gone.
    pub(super) fn detach(&self, seat: u64) {
        let mut state = self.lock();
        state.seats.retain(|other| other.number != seat);
        let heir = state.current().and_then(|seat| seat.waker.take());
        let mut unread = VecDeque::new();
        if state.seats.is_empty() && self.log.is_none() {
            state.open = false;
            state.bytes = 0;
            unread = mem::take(&mut state.waiting);
        }
        drop(state);
        drop(unread);
        wake(heir);
        self.room.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Who gets the messages.
    fn current(&mut self) -> Option<&mut Seat> {
        self.seats.iter_mut().rev().find(|seat| seat.leaving.is_none())
    }

    fn pop(&mut self) -> Option<Bytes> {
        let message = self.waiting.pop_front()?;
        self.bytes -= message.len();
        self.first += 1;
        Some(message)
    }

    fn all(&mut self) -> Vec<Waker> {
        self.seats.iter_mut().filter_map(|seat| seat.waker.take()).collect()
    }

    /// The other readers, if there is nothing more to read.
    fn others_at_end(&mut self, seat: u64) -> Vec<Waker> {
        if !self.finished || !self.waiting.is_empty() || self.seats.len() < 2 {
            return Vec::new();
        }
        self.seats
            .iter_mut()
            .filter(|other| other.number != seat)
            .filter_map(|other| other.waker.take())
            .collect()
    }
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use super::*;
    use crate::events::{MemoryEventStore, SessionEvents, SharedEventStore};

    fn stream() -> Arc<Stream> {
        Arc::new(Stream::new(&Limits::default().queue(2), None))
    }

    fn resumable() -> Arc<Stream> {
        let events = SessionEvents::new(SharedEventStore::new(MemoryEventStore::new()), "session".into());
        Arc::new(Stream::new(&Limits::default().queue(2), Some(events.log(3))))
    }

    async fn next(reader: &mut Reader) -> Option<String> {
        let event = poll_fn(|context| reader.poll_event(context)).await?;
        Some(String::from_utf8(event.into()).unwrap())
    }

    async fn now(reader: &mut Reader) -> Option<String> {
        tokio::select! { biased; event = next(reader) => event, () = tokio::task::yield_now() => None }
    }

    #[tokio::test]
    async fn messages_wait_for_the_first_reader_and_come_in_order() {
        let stream = stream();
        stream.try_push("1".into()).unwrap();
        let mut reader = stream.attach();
        stream.try_push("2".into()).unwrap();
        assert_eq!(next(&mut reader).await.unwrap(), "data: 1\n\n");
        stream.finish(Some("3".into()));
        assert_eq!(next(&mut reader).await.unwrap(), "data: 2\n\n");
        assert_eq!(next(&mut reader).await.unwrap(), "data: 3\n\n");
        assert_eq!(next(&mut reader).await, None);
    }

    #[tokio::test]
    async fn a_full_stream_gives_the_message_back_and_still_takes_the_last() {
        let stream = stream();
        let mut reader = stream.attach();
        stream.try_push("1".into()).unwrap();
        stream.try_push("2".into()).unwrap();
        assert!(matches!(stream.try_push("3".into()), Err(SendError::Full(back)) if back == "3"));
        stream.finish(Some("answer".into()));
        assert!(matches!(stream.try_push("4".into()), Err(SendError::Closed(_))));
        for expected in ["data: 1\n\n", "data: 2\n\n", "data: answer\n\n"] {
            assert_eq!(next(&mut reader).await.unwrap(), expected);
        }
    }

    #[test]
    fn a_stream_is_bounded_in_bytes_but_takes_one_message_of_any_size() {
        let stream = Stream::new(&Limits::default().body(4), None);
        stream.try_push("12345".into()).unwrap();
        assert!(matches!(stream.try_push("6".into()), Err(SendError::Full(_))));
    }

    #[tokio::test]
    async fn pushing_waits_for_room() {
        let stream = stream();
        let mut reader = stream.attach();
        let (pushed, ()) = tokio::join!(
            async {
                for message in ["1", "2", "3", "4"] {
                    stream.push(message.into()).await?;
                }
                Ok::<_, Closed>(())
            },
            async {
                for expected in ["data: 1\n\n", "data: 2\n\n", "data: 3\n\n", "data: 4\n\n"] {
                    assert_eq!(next(&mut reader).await.unwrap(), expected);
                }
            },
        );
        pushed.unwrap();
    }

    #[tokio::test]
    async fn without_a_log_nothing_is_taken_once_the_reader_is_gone() {
        let stream = stream();
        let reader = stream.attach();
        stream.try_push("1".into()).unwrap();
        stream.try_push("2".into()).unwrap();
        let (pushed, ()) = tokio::join!(stream.push("3".into()), async { drop(reader) });
        assert_eq!(pushed, Err(Closed));
        assert!(matches!(stream.try_push("4".into()), Err(SendError::Closed(_))));
        assert_eq!(stream.lock().bytes, 0);
    }

    #[tokio::test]
    async fn an_unread_stream_takes_messages_only_while_somebody_reads() {
        let stream = Arc::new(Stream::unread(&Limits::default(), None));
        assert!(matches!(stream.try_push("1".into()), Err(SendError::Closed(_))));
        for message in ["2", "3"] {
            let mut reader = stream.attach();
            assert!(stream.is_read());
            stream.try_push(message.into()).unwrap();
            assert_eq!(next(&mut reader).await.unwrap(), format!("data: {message}\n\n"));
            drop(reader);
            assert!(!stream.is_read());
            assert!(matches!(stream.try_push("lost".into()), Err(SendError::Closed(_))));
        }
    }

    #[tokio::test]
    async fn the_newest_reader_gets_the_messages_and_then_the_one_before() {
        for stream in [stream(), resumable()] {
            let (mut older, mut newer) = (stream.attach(), stream.attach());
            stream.try_push("1".into()).unwrap();
            assert_eq!(now(&mut older).await, None);
            assert!(next(&mut newer).await.unwrap().ends_with("data: 1\n\n"));
            let (event, ()) = tokio::join!(next(&mut older), async {
                drop(newer);
                stream.try_push("2".into()).unwrap();
            });
            assert!(event.unwrap().ends_with("data: 2\n\n"));
        }
    }

    #[tokio::test]
    async fn every_reader_ends_with_the_stream() {
        let stream = stream();
        let (mut older, mut newer) = (stream.attach(), stream.attach());
        let (end, last) = tokio::join!(next(&mut older), async {
            stream.finish(Some("answer".into()));
            next(&mut newer).await
        });
        assert_eq!((end, last.unwrap().as_str()), (None, "data: answer\n\n"));
    }

    #[tokio::test]
    async fn with_a_log_events_have_ids_and_what_a_reader_did_not_take_waits_for_the_next() {
        let stream = resumable();
        let mut reader = stream.attach().primer().retry(Duration::from_secs(2));
        assert_eq!(next(&mut reader).await.unwrap(), "retry: 2000\nid: 3-0\ndata: \n\n");
        stream.try_push("1".into()).unwrap();
        assert_eq!(next(&mut reader).await.unwrap(), "id: 3-1\ndata: 1\n\n");
        drop(reader);
        stream.try_push("2".into()).unwrap();
        stream.finish(Some("answer".into()));
        let mut reader = stream.attach().resume_after(1);
        assert_eq!(next(&mut reader).await.unwrap(), "id: 3-2\ndata: 2\n\n");
        assert_eq!(next(&mut reader).await.unwrap(), "id: 3-3\ndata: answer\n\n");
        assert_eq!(next(&mut reader).await, None);
    }

    #[tokio::test]
    async fn a_reader_that_resumes_gets_what_the_client_missed_and_nothing_twice() {
        let stream = resumable();
        let mut reader = stream.attach();
        for number in 1..=3 {
            stream.try_push(number.to_string().into()).unwrap();
            next(&mut reader).await.unwrap();
        }
        stream.try_push("4".into()).unwrap();
        let mut late = stream.attach().resume_after(1);
        for number in 2..=4 {
            assert_eq!(next(&mut late).await.unwrap(), format!("id: 3-{number}\ndata: {number}\n\n"));
        }
        assert_eq!(now(&mut late).await, None);
        assert_eq!(now(&mut reader).await, None);
    }

    #[tokio::test]
    async fn an_event_that_was_logged_but_not_taken_comes_once() {
        let stream = resumable();
        let log = stream.log.clone().unwrap();
        stream.try_push("1".into()).unwrap();
        log.append(1, "1".into()).await;
        let mut reader = stream.attach().resume_after(0);
        stream.try_push("2".into()).unwrap();
        assert_eq!(next(&mut reader).await.unwrap(), "id: 3-1\ndata: 1\n\n");
        assert_eq!(next(&mut reader).await.unwrap(), "id: 3-2\ndata: 2\n\n");
    }

    #[tokio::test]
    async fn pausing_sends_readers_away_and_keeps_the_messages() {
        let stream = resumable();
        let mut reader = stream.attach();
        stream.try_push("1".into()).unwrap();
        next(&mut reader).await.unwrap();
        let (event, paused) =
            tokio::join!(next(&mut reader), async { stream.pause(Some(Duration::from_millis(50))) });
        assert!(paused);
        assert_eq!(event.unwrap(), "id: 3-1\nretry: 50\n\n");
        assert_eq!(next(&mut reader).await, None);
        stream.finish(Some("answer".into()));
        let mut reader = stream.attach().resume_after(1);
        assert_eq!(next(&mut reader).await.unwrap(), "id: 3-2\ndata: answer\n\n");
    }

    #[tokio::test]
    async fn a_stream_that_is_paused_before_it_is_read_sends_its_first_reader_away() {
        let stream = resumable();
        assert!(stream.pause(None));
        stream.finish(Some("answer".into()));
        let mut reader = stream.attach().primer();
        assert_eq!(next(&mut reader).await.unwrap(), "retry: 1000\nid: 3-0\ndata: \n\n");
        assert_eq!(next(&mut reader).await.unwrap(), "id: 3-0\nretry: 1000\n\n");
        assert_eq!(next(&mut reader).await, None);
        assert!(stream.has_sent(0) && !stream.has_sent(1));
        let mut reader = stream.attach().resume_after(0);
        assert_eq!(next(&mut reader).await.unwrap(), "id: 3-1\ndata: answer\n\n");
    }

    #[test]
    fn a_stream_that_cannot_be_resumed_is_not_paused() {
        let stream = stream();
        let _reader = stream.attach();
        assert!(!stream.pause(None));
        assert!(stream.is_read());
    }
}
