use std::{
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use tokio::sync::Notify;
use toolwright_core::joint::{BoxFuture, Closed, Limits, Outlet, SendError};

use crate::connection::until;

/// What waits for the peer to read it: a bounded queue, and who writes it.
///
/// There is one pen. Whoever has it writes everything it was given and puts it down; meanwhile messages queue up. The writer
/// takes it with [`poll_batch`](Self::poll_batch), the reader, for answers that were ready at once, with [`grab`](Self::grab).
#[derive(Debug)]
pub(crate) struct Outbox {
    state: Mutex<State>,
    /// Told when messages were written.
    room: Notify,
    /// Told when nothing is left to write.
    settled: Notify,
    /// Told when the peer is gone.
    gone: Notify,
    most: usize,
    most_bytes: usize,
}

#[derive(Debug, Default)]
struct State {
    queue: Vec<Bytes>,
    /// Bytes in `queue`.
    bytes: usize,
    /// Messages and bytes that are being written.
    pen: Option<(usize, usize)>,
    closed: bool,
    writer: Option<Waker>,
    direct: Direct,
}

/// Writes of the reading thread, for whoever watches that none gets stuck.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Direct {
    /// How many there were.
    pub(crate) count: u64,
    /// Whether the last one is still under way.
    pub(crate) running: bool,
    /// Whether the writer knows that there are some to watch.
    pub(crate) watched: bool,
}

impl Outbox {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            state: Mutex::default(),
            room: Notify::new(),
            settled: Notify::new(),
            gone: Notify::new(),
            most: limits.queue.max(1),
            most_bytes: limits.body.max(1),
        }
    }

    /// Queues `answers`, which the caller already has, once there is room for more.
    pub(crate) async fn append(&self, answers: &mut Vec<Bytes>) -> Result<(), Closed> {
        if answers.is_empty() {
            return Ok(());
        }
        let mut result = Ok(());
        until(&self.room, || {
            let mut state = self.lock();
            if state.closed {
                result = Err(Closed);
            } else if self.has_room(&state) {
                state.bytes += answers.iter().map(Bytes::len).sum::<usize>();
                state.queue.append(answers);
                state.wake_writer();
            } else {
                return false;
            }
            true
        })
        .await;
        result
    }

    /// Takes the pen for `answers` if nobody has it and nothing waits. Give it back with [`written`](Self::written).
    pub(crate) fn grab(&self, answers: &[Bytes]) -> bool {
        let mut state = self.lock();
        if state.closed || state.pen.is_some() || !state.queue.is_empty() {
            return false;
        }
        state.pen = Some((answers.len(), answers.iter().map(Bytes::len).sum()));
        state.direct.count += 1;
        state.direct.running = true;
        if !std::mem::replace(&mut state.direct.watched, true)
            && let Some(writer) = state.writer.take()
        {
            writer.wake();
        }
        true
    }

    /// Takes the pen and everything that waits. `false` when the peer is gone.
    pub(crate) fn poll_batch(&self, context: &mut Context<'_>, batch: &mut Vec<Bytes>) -> Poll<bool> {
        let mut state = self.lock();
        if state.closed {
            return Poll::Ready(false);
        }
        if state.queue.is_empty() || state.pen.is_some() {
            state.writer = Some(context.waker().clone());
            return Poll::Pending;
        }
        std::mem::swap(&mut state.queue, batch);
        state.pen = Some((batch.len(), std::mem::take(&mut state.bytes)));
        Poll::Ready(true)
    }

    /// Puts the pen down.
    pub(crate) fn written(&self) {
        let mut state = self.lock();
        state.pen = None;
        state.direct.running = false;
        if state.queue.is_empty() {
            self.settled.notify_waiters();
        } else {
            state.wake_writer();
        }
        drop(state);
        self.room.notify_waiters();
    }

    /// The peer is gone, or is done with.
    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        state.queue = Vec::new();
        state.bytes = 0;
        state.wake_writer();
        drop(state);
        self.room.notify_waiters();
        self.settled.notify_waiters();
        self.gone.notify_waiters();
    }

    /// Resolves when everything is written or nobody is left to read it.
    pub(crate) async fn flushed(&self) {
        until(&self.settled, || {
            let state = self.lock();
            state.closed || (state.queue.is_empty() && state.pen.is_none())
        })
        .await;
    }

    /// Resolves when nobody is left to read.
    pub(crate) async fn closed(&self) {
        until(&self.gone, || self.lock().closed).await;
    }

    /// Writes of the reading thread so far.
    pub(crate) fn direct(&self) -> Direct {
        self.lock().direct
    }

    /// Stops watching direct writes if there were none since `seen`.
    pub(crate) fn unwatch(&self, seen: Direct) {
        let mut state = self.lock();
        if state.direct.count == seen.count {
            state.direct.watched = false;
        }
    }

    fn has_room(&self, state: &State) -> bool {
        let (messages, bytes) = state.pen.unwrap_or_default();
        state.queue.len() + messages < self.most && state.bytes + bytes < self.most_bytes
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Whoever has the pen calls the writer when putting it down.
    fn wake_writer(&mut self) {
        if (self.pen.is_none() || self.closed)
            && let Some(writer) = self.writer.take()
        {
            writer.wake();
        }
    }
}

impl Outlet for Outbox {
    fn try_send(&self, message: Bytes) -> Result<(), SendError> {
        let mut state = self.lock();
        if state.closed {
            return Err(Closed.into());
        }
        if !self.has_room(&state) {
            return Err(SendError::Full(message));
        }
        state.bytes += message.len();
        state.queue.push(message);
        state.wake_writer();
        Ok(())
    }

    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        Box::pin(async move {
            let mut message = message;
            loop {
                let mut room = pin!(self.room.notified());
                room.as_mut().enable();
                match self.try_send(message) {
                    Ok(()) => return Ok(()),
                    Err(SendError::Full(unsent)) => message = unsent,
                    Err(_) => return Err(Closed),
                }
                room.await;
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use super::{Bytes, Limits, Outbox, Outlet as _, SendError};

    fn take(outbox: &Outbox) -> Option<Vec<Bytes>> {
        let mut batch = Vec::new();
        match outbox.poll_batch(&mut Context::from_waker(Waker::noop()), &mut batch) {
            Poll::Ready(true) => Some(batch),
            Poll::Ready(false) | Poll::Pending => None,
        }
    }

    #[test]
    fn what_is_being_written_still_counts() {
        let outbox = Outbox::new(&Limits::default().queue(2));
        outbox.try_send("1".into()).unwrap();
        outbox.try_send("2".into()).unwrap();
        assert!(matches!(outbox.try_send("3".into()), Err(SendError::Full(_))));
        assert_eq!(take(&outbox).unwrap(), ["1", "2"]);
        assert!(matches!(outbox.try_send("3".into()), Err(SendError::Full(_))));
        outbox.written();
        outbox.try_send("3".into()).unwrap();
    }

    #[test]
    fn bytes_are_bounded_but_one_message_always_fits() {
        let outbox = Outbox::new(&Limits::default().body(10));
        outbox.try_send("x".repeat(100).into()).unwrap();
        assert!(matches!(outbox.try_send("y".into()), Err(SendError::Full(_))));
    }

    #[test]
    fn one_pen_writes() {
        let outbox = Outbox::new(&Limits::default());
        assert!(outbox.grab(&["direct".into()]));
        assert!(!outbox.grab(&["second".into()]));
        outbox.try_send("queued".into()).unwrap();
        assert_eq!(take(&outbox), None);
        outbox.written();
        assert!(!outbox.grab(&["overtaking".into()]));
        assert_eq!(take(&outbox).unwrap(), ["queued"]);
    }

    #[tokio::test]
    async fn closing_wakes_whoever_waits() {
        let outbox = Outbox::new(&Limits::default().queue(1));
        outbox.try_send("1".into()).unwrap();
        let (sent, appended, ()) = tokio::join!(
            outbox.send("2".into()),
            async { outbox.append(&mut vec!["3".into()]).await },
            async { outbox.close() }
        );
        assert!(sent.is_err() && appended.is_err());
        outbox.flushed().await;
        outbox.closed().await;
        assert!(matches!(outbox.try_send("4".into()), Err(SendError::Closed(_))));
    }
}
