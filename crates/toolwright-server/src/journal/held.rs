use std::{
    pin::Pin,
    task::{self, Poll},
};

use toolwright_core::joint::BoxFuture;

use super::Polled;
use crate::{Context, HandlerError, Reply};

/// Runs a handler to its end, or until the client has to be asked: then what it gets is the reply that asks.
pub(crate) async fn run<T>(
    context: &Context,
    handler: BoxFuture<'static, Result<T, HandlerError>>,
) -> Result<Result<T, HandlerError>, Reply> {
    let outcome = Held { context, future: handler }.await?;
    match misuse(context) {
        Some(text) if outcome.is_ok() => Ok(Err(HandlerError::public(text))),
        _ => Ok(outcome),
    }
}

/// What the call as a whole did wrong with its questions; calls inside of it leave that to it.
pub(crate) fn misuse(context: &Context) -> Option<String> {
    if context.outer().is_some() {
        return None;
    }
    context.rounds_so_far()?.misuse()
}

/// The future of a handler.
pub(crate) struct Held<'a, T> {
    context: &'a Context,
    future: BoxFuture<'static, T>,
}

impl<T> Future for Held<'_, T> {
    type Output = Result<T, Reply>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut task::Context<'_>) -> Poll<Self::Output> {
        let context = self.context;
        let polled = Polled::enter(context);
        let outcome = self.future.as_mut().poll(cx);
        drop(polled);
        match outcome {
            Poll::Ready(outcome) => Poll::Ready(Ok(outcome)),
            Poll::Pending => context.suspend().map_or(Poll::Pending, |reply| Poll::Ready(Err(reply))),
        }
    }
}
