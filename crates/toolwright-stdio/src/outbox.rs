use std::{
    pin::pin,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;
use tokio::sync::Notify;
use toolwright_core::joint::{BoxFuture, Closed, Limits, Outlet, SendError};

use crate::connection::until;

/// Pipes take as much without blocking, if the peer has read what came before.
const LITTLE: usize = 16 * 1024;

/// What waits for the peer to read it: a bounded queue, and who writes it.
///
/// There is one pen. Whoever has it writes everything it was given and puts it down; meanwhile messages queue up. The writer
/// takes it with [`poll_batch`](Self::poll_batch), the reader, for answers that were ready at once, with [`grab`](Self::grab).
/// Either way the queue is written in its order.
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

/// What the reading thread does besides reading, for whoever watches that it does not get stuck in that.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Direct {
    /// How often it wrote.
    pub(crate) count: u64,
    /// Whether it is writing.
    pub(crate) running: bool,
    /// Whether the writer knows that there is something to watch.
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

    /// Queues an answer without telling the writer yet: more may follow, which [`grab`](Self::grab) or
    /// [`hand_over`](Self::hand_over) ends. Says whether there is room for another one.
    pub(crate) fn hold(&self, answer: Bytes) -> bool {
        let mut state = self.lock();
        if state.closed {
            return false;
        }
        state.bytes += answer.len();
        state.queue.push(answer);
        state.watch();
        self.has_room(&state)
    }

    /// Tells the writer about answers that were held, and waits for room.
    pub(crate) async fn room(&self) -> Result<(), Closed> {
        let mut result = Ok(());
        until(&self.room, || {
            let mut state = self.lock();
            state.wake_writer();
            if state.closed {
                result = Err(Closed);
            }
            state.closed || self.has_room(&state)
        })
        .await;
        result
    }

    /// Takes the pen and all that waits, if that is little and nobody else is writing; give the pen back with
    /// [`written`](Self::written). Otherwise leaves it to the writer.
    pub(crate) fn grab(&self, batch: &mut Vec<Bytes>) -> bool {
        let mut state = self.lock();
        if state.closed || state.queue.is_empty() || state.pen.is_some() {
            return false;
        }
        if state.bytes > LITTLE {
            state.wake_writer();
            return false;
        }
        state.take_pen(batch);
        state.direct.count += 1;
        state.direct.running = true;
        state.watch();
        true
    }

    /// Tells the writer about answers that were held.
    pub(crate) fn hand_over(&self) {
        let mut state = self.lock();
        if !state.queue.is_empty() {
            state.wake_writer();
        }
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
        state.take_pen(batch);
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

    /// What the reading thread does besides reading.
    pub(crate) fn direct(&self) -> Direct {
        self.lock().direct
    }

    /// Stops watching if nothing was written since `seen`.
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
    /// `batch` is empty.
    fn take_pen(&mut self, batch: &mut Vec<Bytes>) {
        std::mem::swap(&mut self.queue, batch);
        self.pen = Some((batch.len(), std::mem::take(&mut self.bytes)));
    }

    /// Makes the writer look from time to time, so that neither held answers nor a direct write are left alone for long.
    fn watch(&mut self) {
        if !std::mem::replace(&mut self.direct.watched, true)
            && let Some(writer) = self.writer.take()
        {
            writer.wake();
        }
    }

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
        let mut batch = Vec::new();
        assert!(!outbox.grab(&mut batch), "nothing waits");
        outbox.hold("direct".into());
        assert!(outbox.grab(&mut batch));
        outbox.hold("queued".into());
        assert!(!outbox.grab(&mut Vec::new()));
        assert_eq!(take(&outbox), None);
        outbox.written();
        assert_eq!((batch, take(&outbox).unwrap()), (vec!["direct".into()], vec!["queued".into()]));
    }

    #[test]
    fn nothing_overtakes_answers_that_are_held() {
        let outbox = Outbox::new(&Limits::default());
        outbox.hold("answer".into());
        outbox.try_send("notification".into()).unwrap();
        assert_eq!(take(&outbox).unwrap(), ["answer", "notification"]);
    }

    #[test]
    fn much_is_left_to_the_writer() {
        let outbox = Outbox::new(&Limits::default());
        outbox.hold("x".repeat(super::LITTLE + 1).into());
        assert!(!outbox.grab(&mut Vec::new()));
        assert_eq!(take(&outbox).unwrap().len(), 1);
    }

    #[tokio::test]
    async fn closing_wakes_whoever_waits() {
        let outbox = Outbox::new(&Limits::default().queue(1));
        outbox.try_send("1".into()).unwrap();
        let (sent, room, ()) = tokio::join!(outbox.send("2".into()), outbox.room(), async { outbox.close() });
        assert!(sent.is_err() && room.is_err() && !outbox.hold("3".into()));
        outbox.flushed().await;
        outbox.closed().await;
        assert!(matches!(outbox.try_send("4".into()), Err(SendError::Closed(_))));
    }
}
