use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    task::{self, Poll},
};

use crate::Context;

/// How a call ended.
pub(crate) enum Ended<T> {
    Done(T),
    Panicked(Box<dyn Any + Send>),
    Cancelled,
    TimedOut,
}

/// Runs a call to its end: its own, the client's cancellation, its timeout, or a panic.
///
/// The first poll happens before any timer or waiter exists, so that a call that never waits costs neither.
pub(crate) async fn drive<F: Future>(context: &Context, future: F) -> Ended<F::Output> {
    let mut future = pin!(Unwinding { future });
    if let Some(ended) = poll_fn(|cx| match future.as_mut().poll(cx) {
        Poll::Ready(ended) => Poll::Ready(Some(ended)),
        Poll::Pending => Poll::Ready(None),
    })
    .await
    {
        return ended;
    }
    let mut cancelled = pin!(context.until_cancelled());
    loop {
        let time_left = context.clock().time_left();
        tokio::select! {
            biased;
            // The handler comes first, so that it can look at the cancellation and tidy up; nobody waits for what it returns then.
            ended = &mut future => return match ended {
                Ended::Done(_) if context.is_cancelled() => Ended::Cancelled,
                ended => ended,
            },
            () = &mut cancelled => return Ended::Cancelled,
            () = time_left => if context.clock().is_over() { return Ended::TimedOut },
        }
    }
}

pin_project_lite::pin_project! {
    struct Unwinding<F> {
        #[pin]
        future: F,
    }
}

impl<F: Future> Future for Unwinding<F> {
    type Output = Ended<F::Output>;

    fn poll(self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let future = self.project().future;
        match catch_unwind(AssertUnwindSafe(|| future.poll(cx))) {
            Ok(poll) => poll.map(Ended::Done),
            Err(panic) => Poll::Ready(Ended::Panicked(panic)),
        }
    }
}
