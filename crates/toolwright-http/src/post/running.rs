use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use http::{Response, StatusCode};
use tokio::{runtime::Handle, task::AbortHandle};
use toolwright_core::{
    joint::{BoxFuture, Outbound},
    jsonrpc::{
        RpcError,
        encode::{self, AbsentId},
    },
};

use super::exchange::{Conclusion, Exchange};
use crate::reply::{self, Body};

/// The place of a message's call, given back when dropped.
pub(super) struct Hold(pub(super) Arc<Exchange>);

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.end();
    }
}

/// A call under way. Its panic stays its own.
pub(super) struct Running {
    // In this order: the place is free when nothing runs in it any more.
    call: BoxFuture<'static, Outbound>,
    hold: Hold,
    /// Resolves when nobody waits any longer for calls to end. Made when there is something to wait for.
    given_up: Option<BoxFuture<'static, ()>>,
}

impl Running {
    pub(super) fn new(call: BoxFuture<'static, Outbound>, hold: Hold) -> Self {
        Self { call, hold, given_up: None }
    }

    /// Runs it to its end in a task, where a client that does not read cannot hold it up.
    async fn see_through(mut self) {
        // Given up, its stream breaks off, as the client would see it if the process ended.
        let outbound = (&mut self).await.unwrap_or_else(Outbound::nothing);
        self.hold.0.conclude(outbound);
    }
}

impl Future for Running {
    /// Nothing if the server ends and the call does not.
    type Output = Option<Outbound>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Outbound>> {
        let Self { call, hold, given_up } = &mut *self;
        if let Poll::Ready(outbound) = poll_call(call, context) {
            return Poll::Ready(Some(outbound));
        }
        let given_up = given_up.get_or_insert_with(|| hold.0.given_up());
        given_up.as_mut().poll(context).map(|()| None)
    }
}

/// Polls a call of the endpoint, whose panic stays its own.
pub(crate) fn poll_call(
    call: &mut BoxFuture<'static, Outbound>,
    context: &mut Context<'_>,
) -> Poll<Outbound> {
    catch_unwind(AssertUnwindSafe(|| call.as_mut().poll(context))).unwrap_or_else(|_| Poll::Ready(broken()))
}

/// What is answered when the endpoint panicked.
pub(crate) fn broken() -> Outbound {
    tracing::error!("the endpoint panicked; its client gets an error");
    let error = RpcError::internal_error("internal error");
    Outbound::answer(encode::error(None, AbsentId::Omitted, &error)).status(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A call that runs in the future of its response, until it has to become a stream.
pub(super) struct InPlace(Option<Running>);

impl InPlace {
    pub(super) fn new(running: Running) -> Self {
        Self(Some(running))
    }
}

impl Future for InPlace {
    type Output = Response<Body>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Response<Body>> {
        let running = self.0.as_mut().expect("a future is not polled after its end");
        let outbound = match Pin::new(&mut *running).poll(context) {
            Poll::Ready(outbound) => Some(outbound),
            Poll::Pending if running.hold.0.has_emitted(context) => None,
            Poll::Pending => return Poll::Pending,
        };
        let running = self.0.take().expect("nobody took it meanwhile");
        Poll::Ready(match outbound {
            Some(Some(outbound)) => ended(&running.hold.0, outbound),
            Some(None) => reply::unavailable("the server ended before this request did; try again"),
            None => streaming(running),
        })
    }
}

impl Drop for InPlace {
    /// The client went away. For revisions with a handshake that is no reason to stop ("Cancellation").
    fn drop(&mut self) {
        let Some(running) = self.0.take() else { return };
        if running.hold.0.dies_with_connection() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            running.hold.0.deafen();
            runtime.spawn(running.see_through());
        }
    }
}

/// The answer came while the call ran in place.
fn ended(exchange: &Exchange, outbound: Outbound) -> Response<Body> {
    match exchange.conclude(outbound) {
        Conclusion::Whole(outbound) if exchange.wants_events() => reply::event(outbound),
        Conclusion::Whole(outbound) => reply::answer(outbound),
        Conclusion::Streamed(Some(stream), headers) => reply::events(headers, exchange.body(&stream)),
        Conclusion::Streamed(None, _) => reply::answer(Outbound::nothing()),
    }
}

/// The call sends before it answers: it goes on in a task.
fn streaming(running: Running) -> Response<Body> {
    let exchange = Arc::clone(&running.hold.0);
    let Some(stream) = exchange.emitted() else { return reply::answer(Outbound::nothing()) };
    // Before the task can end the stream.
    let (headers, body) = (exchange.session_header(), exchange.body(&stream));
    let task = tokio::spawn(running.see_through());
    let body =
        if exchange.dies_with_connection() { body.holding(AbortOnDrop(task.abort_handle())) } else { body };
    reply::events(headers, body)
}

/// A task that ends with its owner.
struct AbortOnDrop(AbortHandle);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}
