use std::{
    future::{Future as _, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use ::http::{HeaderValue, StatusCode};
use bytes::Bytes;
use tokio::time::{sleep, timeout};
use toolwright_core::{joint::LinkError, jsonrpc::Id, sse::Event};

use super::{
    Events,
    answer::{Carried, hand, share},
    deliver, forward,
};
use crate::client::{line::Line, retry::Retry};

/// How long the end of a stream is waited for after the answer. It is due at once; then the connection can be used again.
const TAIL: Duration = Duration::from_secs(1);

/// Reads streams for the answer to one request: its own, and those that resume it ("Streamable HTTP", "Resumability and
/// Redelivery").
pub(super) struct Reading {
    line: Arc<Line>,
    id: Id,
    version: Option<HeaderValue>,
    resumable: bool,
    /// The last event that came.
    after: Option<String>,
    retry: Retry,
    /// What is wrong with something that came and is no message.
    noise: Option<String>,
}

impl Reading {
    pub(super) fn new(line: Arc<Line>, id: Id, version: Option<HeaderValue>, resumable: bool) -> Self {
        Self { line, id, version, resumable, after: None, retry: Retry::default(), noise: None }
    }

    pub(super) async fn answer(mut self, mut events: Events) -> Result<Bytes, LinkError> {
        loop {
            let end = match self.read(&mut events).await {
                Ok(Some(answer)) => {
                    self.finish(events).await;
                    return Ok(answer);
                }
                Ok(None) => LinkError::Closed,
                Err(error @ (LinkError::Closed | LinkError::Io(_))) => error,
                Err(error) => return Err(error),
            };
            self.retry.wants(events.retry());
            self.after = events.last_id().or(self.after);
            drop(events);
            let Some(after) = self.after.clone().filter(|_| self.resumable) else {
                return Err(match self.noise {
                    Some(noise) => {
                        LinkError::Malformed(format!("an event without a message: {noise}").into())
                    }
                    None => end,
                });
            };
            events = self.resume(&after).await?;
        }
    }

    /// Up to the answer, or to the end of the stream.
    async fn read(&mut self, events: &mut Events) -> Result<Option<Bytes>, LinkError> {
        while let Some(event) = events.next().await? {
            self.retry.progressed();
            // A stream that can be resumed begins with an event without data.
            if !event.is_message() || event.data.is_empty() {
                continue;
            }
            match Carried::read(&event.data) {
                Ok(carried) if self.is_answer(&carried, &event.data) => return Ok(Some(event.data)),
                Ok(Carried::Response(Some(id))) if self.line.is_legacy() => {
                    hand(&self.line.waiting, &id, event.data);
                }
                Ok(_) => forward(&*self.line.inlet, event.data).await,
                Err(malformed) => {
                    tracing::warn!(%malformed, "the server sent an event that is no message");
                    self.noise = Some(malformed.to_string());
                }
            }
        }
        Ok(None)
    }

    /// Whether it answers the request, alone or in a batch; the other answers in that are given to those who wait for them.
    ///
    /// An error without an id, on the stream of one request, can be about that request only.
    fn is_answer(&self, carried: &Carried, data: &[u8]) -> bool {
        match carried {
            Carried::Response(id) => id.as_ref().is_none_or(|id| *id == self.id),
            // Outside of a session nobody waits there.
            Carried::Batch => share(&self.line.waiting, data, Some(&self.id)),
            Carried::Other => false,
        }
    }

    async fn resume(&mut self, after: &str) -> Result<Events, LinkError> {
        while let Some(wait) = self.retry.next() {
            sleep(wait).await;
            match self.line.get(Some(after), self.version.clone()).await {
                Ok(response) if response.is_stream() => {
                    return Ok(Events::new(response.reply, self.line.sender.settings.longest));
                }
                Ok(response) if self.line.has_lost_session(response.status) => {
                    return Err(LinkError::SessionGone);
                }
                Ok(response) if !is_passing(response.status) => {
                    tracing::debug!(status = %response.status, "the server does not resume the stream");
                    return Err(LinkError::Closed);
                }
                Ok(_) | Err(LinkError::Closed | LinkError::Io(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Err(LinkError::Closed)
    }

    /// Delivers what comes after the answer. Whoever waits for the answer does not wait for that.
    async fn finish(self, mut events: Events) {
        loop {
            let next = {
                let mut next = pin!(events.next());
                poll_fn(|cx| Poll::Ready(next.as_mut().poll(cx))).await
            };
            match next {
                Poll::Ready(Ok(Some(event))) => self.late(event).await,
                Poll::Ready(_) => return,
                Poll::Pending => break,
            }
        }
        tokio::spawn(timeout(TAIL, async move {
            while let Ok(Some(event)) = events.next().await {
                self.late(event).await;
            }
        }));
    }

    async fn late(&self, event: Event) {
        if event.is_message() && !event.data.is_empty() {
            deliver(&self.line, event.data).await;
        }
    }
}

/// Whether a status speaks of trouble that may pass.
pub(crate) fn is_passing(status: StatusCode) -> bool {
    status.is_server_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS | StatusCode::TOO_EARLY
        )
}
