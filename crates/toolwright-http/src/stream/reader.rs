use std::{
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
    vec,
};

use bytes::Bytes;
use toolwright_core::joint::BoxFuture;

use super::{
    Stream,
    frame::{self, EventId},
    stream::Front,
};

/// When clients come back that were not told otherwise.
const RETRY: Duration = Duration::from_secs(1);

/// One connection that reads a [`Stream`], event by event.
///
/// Of several readers the newest gets the messages; when it is dropped, the one before. Dropped between two events, it loses
/// nothing of a stream with a log.
pub(crate) struct Reader {
    stream: Arc<Stream>,
    seat: u64,
    work: Work,
    retry: Duration,
    primer: bool,
    /// Number of the last message that this client has.
    seen: u64,
}

enum Work {
    /// Reading from the log what the client missed.
    Recalling(BoxFuture<'static, Vec<(u64, Bytes)>>),
    /// Giving the client what it missed.
    Recalled(vec::IntoIter<(u64, Bytes)>),
    Waiting,
    /// Writing a message to the log.
    Logging(u64, BoxFuture<'static, ()>),
    Ended,
}

impl Reader {
    pub(super) fn new(stream: Arc<Stream>, seat: u64, seen: u64) -> Self {
        Self { stream, seat, work: Work::Waiting, retry: RETRY, primer: false, seen }
    }

    /// Begins with an event that has an id and no data. Nothing without a log.
    pub(crate) fn primer(mut self) -> Self {
        self.primer = self.stream.log().is_some();
        self
    }

    /// Begins with everything that the log has after message `sequence`.
    pub(crate) fn resume_after(mut self, sequence: u64) -> Self {
        if let Some(log) = self.stream.log() {
            self.seen = sequence;
            let log = log.clone();
            self.work = Work::Recalling(Box::pin(async move { log.after(sequence).await }));
        }
        self
    }

    /// When the client shall come back, unless somebody says otherwise. Default one second.
    pub(crate) fn retry(mut self, retry: Duration) -> Self {
        self.retry = retry;
        self
    }

    /// The next event, as it goes to the client. `None` at the end.
    pub(super) fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        if self.primer {
            self.primer = false;
            if let Some(id) = self.id(self.seen) {
                return Poll::Ready(Some(frame::primer(id, self.retry)));
            }
        }
        loop {
            match &mut self.work {
                Work::Recalling(events) => {
                    let events = ready!(events.as_mut().poll(context));
                    self.work = Work::Recalled(events.into_iter());
                }
                Work::Recalled(events) => match events.next() {
                    Some((sequence, message)) => {
                        self.seen = self.seen.max(sequence);
                        return Poll::Ready(Some(frame::message(self.id(sequence), &message)));
                    }
                    None => self.work = Work::Waiting,
                },
                Work::Waiting => match ready!(self.stream.poll_front(context, self.seat, self.seen)) {
                    Front::Message(sequence, message) => match self.stream.log() {
                        Some(log) => {
                            let log = log.clone();
                            let logged = Box::pin(async move { log.append(sequence, message).await });
                            self.work = Work::Logging(sequence, logged);
                        }
                        None => return Poll::Ready(Some(frame::message(None, &message))),
                    },
                    Front::Leave(leave) => {
                        self.work = Work::Ended;
                        let retry = leave.unwrap_or(self.retry);
                        return Poll::Ready(self.id(self.seen).map(|id| frame::retry(id, retry)));
                    }
                    Front::End => self.work = Work::Ended,
                },
                Work::Logging(sequence, logged) => {
                    let sequence = *sequence;
                    ready!(logged.as_mut().poll(context));
                    self.work = Work::Waiting;
                    // Gone if a newer reader took over meanwhile.
                    if let Some(message) = self.stream.take(self.seat, sequence) {
                        self.seen = sequence;
                        return Poll::Ready(Some(frame::message(self.id(sequence), &message)));
                    }
                }
                Work::Ended => return Poll::Ready(None),
            }
        }
    }

    fn id(&self, sequence: u64) -> Option<EventId> {
        self.stream.log().map(|log| EventId { stream: log.stream(), sequence })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.stream.detach(self.seat);
    }
}
