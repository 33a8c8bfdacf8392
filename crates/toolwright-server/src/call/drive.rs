use std::{
    any::Any,
    future::{Future, poll_fn},
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    task::{self, Poll},
};

use crate::{
    Context,
    journal::{Polled, finish_steps},
};

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
pub(crate) async fn drive<F: Future>(context: &Context, future: Pin<&mut F>) -> Ended<F::Output> {
    let mut future = Unwinding { context, future };
    let first = poll_fn(|cx| match Pin::new(&mut future).poll(cx) {
        Poll::Ready(ended) => Poll::Ready(Some(ended)),
        Poll::Pending => Poll::Ready(None),
    });
    match first.await {
        Some(ended) => ended,
        None => Box::pin(wait(context, future)).await,
    }
}

async fn wait<F: Future>(context: &Context, mut future: Unwinding<'_, F>) -> Ended<F::Output> {
    let mut cancelled = pin!(context.until_cancelled());
    let ended = loop {
        let time_left = context.clock().time_left();
        tokio::select! {
            biased;
            // The handler comes first, so that it can look at the cancellation and tidy up; nobody waits for what it returns then.
            ended = &mut future => return match ended {
                Ended::Done(_) if context.is_cancelled() => Ended::Cancelled,
                ended => ended,
            },
            () = &mut cancelled => break Ended::Cancelled,
            () = time_left => if context.clock().is_over() { break Ended::TimedOut },
        }
    };
    if context.has_running_steps() {
        finish_steps(context, future).await;
    }
    ended
}

/// Only borrows the future: a future that is moved from one `async fn` into another takes its room twice.
struct Unwinding<'a, F> {
    context: &'a Context,
    future: Pin<&'a mut F>,
}

impl<F: Future> Future for Unwinding<'_, F> {
    type Output = Ended<F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let context = self.context;
        let polled = Polled::enter(context);
        let outcome = catch_unwind(AssertUnwindSafe(|| self.future.as_mut().poll(cx)));
        drop(polled);
        match outcome {
            Ok(poll) => poll.map(Ended::Done),
            Err(panic) => Poll::Ready(Ended::Panicked(panic)),
        }
    }
}
