use std::{
    future::poll_fn,
    pin::Pin,
    task::{self, Poll},
};

use tokio::runtime::Handle;
use toolwright_core::joint::BoxFuture;

use super::Polled;
use crate::{Context, HandlerError, Reply};

/// Runs a handler to its end, or until the client has to be asked: then what it gets is the reply that asks.
pub(crate) async fn run<T: Send + 'static>(
    context: &Context,
    handler: BoxFuture<'static, Result<T, HandlerError>>,
) -> Result<Result<T, HandlerError>, Reply> {
    let outcome = Held { context, future: Some(handler) }.await?;
    match misuse(context) {
        Some(text) if outcome.is_ok() => Ok(Err(HandlerError::public(text))),
        _ => Ok(outcome),
    }
}

/// The same for layers and what they are around.
pub(crate) async fn run_layers(context: &Context, layers: BoxFuture<'static, Reply>) -> Reply {
    let reply = Held { context, future: Some(layers) }.await.unwrap_or_else(|asking| asking);
    match misuse(context) {
        Some(text) if !reply.is_error() => context.failed(text),
        _ => reply,
    }
}

/// What the call as a whole did wrong with its questions; calls inside of it leave that to it.
fn misuse(context: &Context) -> Option<String> {
    if context.outer().is_some() {
        return None;
    }
    context.rounds_so_far()?.misuse()
}

/// The future of a handler or of layers. It ends when the client has to be asked, and it outlives being dropped while a step runs.
struct Held<'a, T: Send + 'static> {
    context: &'a Context,
    future: Option<BoxFuture<'static, T>>,
}

impl<T: Send + 'static> Future for Held<'_, T> {
    type Output = Result<T, Reply>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let context = self.context;
        let Some(future) = &mut self.future else { return Poll::Pending };
        let polled = Polled::enter(context);
        let outcome = future.as_mut().poll(cx);
        drop(polled);
        match outcome {
            Poll::Ready(outcome) => {
                self.future = None;
                Poll::Ready(Ok(outcome))
            }
            Poll::Pending => context.suspend().map_or(Poll::Pending, |reply| Poll::Ready(Err(reply))),
        }
    }
}

impl<T: Send + 'static> Drop for Held<'_, T> {
    fn drop(&mut self) {
        let Some(future) = self.future.take() else { return };
        if !self.context.has_running_steps() || std::thread::panicking() {
            return;
        }
        let Ok(runtime) = Handle::try_current() else {
            tracing::error!(method = %self.context.method(), "a step of a call was dropped: its runtime is gone");
            return;
        };
        let context = self.context.clone();
        let straggler = context.engine().stragglers.begin();
        let claim = context.rounds().claim();
        runtime.spawn(async move {
            finish_steps(&context, future).await;
            drop(claim);
            drop(straggler);
        });
    }
}

/// Sees the steps of a call through that run, and takes no new ones.
pub(crate) async fn finish_steps<F: Future + Unpin>(context: &Context, mut future: F) {
    context.take_no_steps();
    poll_fn(|cx| {
        if !context.has_running_steps() {
            return Poll::Ready(());
        }
        let polled = Polled::enter(context);
        let outcome = Pin::new(&mut future).poll(cx);
        drop(polled);
        if outcome.is_ready() || !context.has_running_steps() { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
}
