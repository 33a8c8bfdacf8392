use std::{
    any::Any,
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http_body::Frame;
use tokio::time::{Instant, Sleep};
use toolwright_core::sse;

use super::Reader;

/// The body of a response that is a stream of events, each in a frame of its own.
///
/// A silent one gets a comment at intervals, so that proxies leave it open and a client that is gone is noticed.
pub(crate) struct SseBody {
    reader: Reader,
    keep_alive: Duration,
    spoke: Instant,
    /// Made when there is something to wait for.
    timer: Option<Pin<Box<Sleep>>>,
    held: Option<Box<dyn Any + Send>>,
    first: Option<Bytes>,
}

impl SseBody {
    /// Everything that `reader` gets, and a comment after each `keep_alive` of silence; none if that is zero.
    pub(crate) fn new(reader: Reader, keep_alive: Duration) -> Self {
        Self { reader, keep_alive, spoke: Instant::now(), timer: None, held: None, first: None }
    }

    /// Begins with this event.
    pub(crate) fn first(mut self, event: Bytes) -> Self {
        self.first = Some(event);
        self
    }

    /// Drops `held` when the stream ends, or when nobody reads it any more.
    pub(crate) fn holding(mut self, held: impl Any + Send) -> Self {
        self.held = Some(Box::new(held));
        self
    }

    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<()> {
        loop {
            let until = self.spoke.checked_add(self.keep_alive).filter(|_| !self.keep_alive.is_zero());
            let Some(until) = until else { return Poll::Pending };
            let timer = self.timer.get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
            ready!(timer.as_mut().poll(context));
            if Instant::now() >= until {
                return Poll::Ready(());
            }
            timer.as_mut().reset(until);
        }
    }
}

impl http_body::Body for SseBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let first = self.first.take();
        let event =
            match first.map_or_else(|| self.reader.poll_event(context), |first| Poll::Ready(Some(first))) {
                Poll::Ready(Some(event)) => event,
                Poll::Ready(None) => {
                    self.held = None;
                    return Poll::Ready(None);
                }
                Poll::Pending => {
                    ready!(self.poll_silence(context));
                    sse::COMMENT
                }
            };
        self.spoke = Instant::now();
        Poll::Ready(Some(Ok(Frame::data(event))))
    }
}

#[cfg(test)]
mod tests {
    use std::{future::poll_fn, sync::Arc};

    use http_body::Body as _;
    use toolwright_core::joint::Limits;

    use super::*;
    use crate::stream::Stream;

    async fn next(body: &mut SseBody) -> Option<Bytes> {
        let frame = poll_fn(|context| Pin::new(&mut *body).poll_frame(context)).await?;
        Some(frame.unwrap().into_data().unwrap())
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_stream_gets_a_comment_at_intervals() {
        let stream = Arc::new(Stream::new(&Limits::default(), None));
        let mut body = SseBody::new(stream.attach(), Duration::from_secs(15));
        let begin = Instant::now();
        assert_eq!(next(&mut body).await.unwrap(), ":\n\n");
        assert_eq!(begin.elapsed().as_secs(), 15);
        tokio::time::advance(Duration::from_secs(10)).await;
        stream.try_push("1".into()).unwrap();
        assert_eq!(next(&mut body).await.unwrap(), "data: 1\n\n");
        assert_eq!(next(&mut body).await.unwrap(), ":\n\n");
        assert_eq!(begin.elapsed().as_secs(), 40);
    }

    #[tokio::test(start_paused = true)]
    async fn comments_can_be_turned_off() {
        for never in [Duration::ZERO, Duration::MAX] {
            let stream = Arc::new(Stream::new(&Limits::default(), None));
            let mut body = SseBody::new(stream.attach(), never);
            let silence = tokio::time::timeout(Duration::from_secs(3600), next(&mut body)).await;
            assert!(silence.is_err());
        }
    }

    #[tokio::test]
    async fn what_is_held_goes_with_the_end_or_with_the_body() {
        let stream = Arc::new(Stream::new(&Limits::default(), None));
        let held = Arc::new(());
        let mut ended = SseBody::new(stream.attach(), Duration::MAX).holding(Arc::clone(&held));
        let dropped = SseBody::new(stream.attach(), Duration::from_secs(1)).holding(Arc::clone(&held));
        assert_eq!(Arc::strong_count(&held), 3);
        drop(dropped);
        stream.finish(None);
        assert_eq!(next(&mut ended).await, None);
        assert_eq!(Arc::strong_count(&held), 1);
    }
}
