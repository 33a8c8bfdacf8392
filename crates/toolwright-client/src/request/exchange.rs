use std::{
    borrow::Cow,
    future::{Future as _, poll_fn},
    pin::pin,
    sync::Arc,
    task::Poll,
    time::Duration,
};

use http::HeaderMap;
use tokio::time::{Instant, sleep_until};
use toolwright_core::joint::{Incoming, LinkError, Outgoing};

use super::{Encoded, Progress};
use crate::{ClientError, connection::Connection, shared::Shared};

/// How long to wait for an answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timing {
    /// From the last sign of life.
    pub(crate) quiet: Option<Duration>,
    /// Altogether.
    pub(crate) total: Option<Duration>,
}

impl Timing {
    fn deadline(self, start: Instant, now: Instant) -> Instant {
        let quiet = self.quiet.and_then(|quiet| now.checked_add(quiet));
        let total = self.total.and_then(|total| start.checked_add(total));
        // Without a limit the clock still needs some date; no program runs for thirty years.
        let never = now + Duration::from_secs(30 * 365 * 24 * 3600);
        quiet.into_iter().chain(total).min().unwrap_or(never)
    }
}

/// Sends a request and waits for what comes back, in the caller's own task.
///
/// Whoever drops this future gives the request up, and the server is told.
pub(crate) async fn exchange(
    shared: &Arc<Shared>,
    connection: &Arc<Connection>,
    encoded: &Encoded,
    headers: HeaderMap,
    timing: Timing,
    mut progress: Option<&mut Progress>,
) -> Result<Incoming, ClientError> {
    if shared.is_closed() {
        return Err(ClientError::Closed);
    }
    let outgoing = Outgoing::request(encoded.id.into(), encoded.body.clone())
        .method(encoded.method.clone())
        .headers(headers);
    let mut flight = InFlight { shared, connection, id: encoded.id, method: &encoded.method, armed: true };
    let mut exchange = connection.link.exchange(outgoing);

    // Most calls in process are over after one poll; only the others need a clock.
    let first = poll_fn(|cx| Poll::Ready(exchange.as_mut().poll(cx))).await;
    if let Poll::Ready(outcome) = first {
        flight.armed = false;
        if let Some(progress) = &mut progress {
            progress.deliver();
        }
        return received(connection, outcome).await;
    }

    let start = Instant::now();
    let outcome = {
        let mut closing = pin!(shared.closed());
        let mut timer = pin!(sleep_until(timing.deadline(start, start)));
        poll_fn(|cx| {
            if let Some(progress) = &mut progress {
                progress.watch(cx);
                if progress.deliver() {
                    timer.as_mut().reset(timing.deadline(start, Instant::now()));
                }
            }
            // First, since a server in process may end a request of a closed connection without an answer.
            if closing.as_mut().poll(cx).is_ready() {
                return Poll::Ready(Err(ClientError::Closed));
            }
            if let Poll::Ready(outcome) = exchange.as_mut().poll(cx) {
                if let Some(progress) = &mut progress {
                    progress.deliver();
                }
                return Poll::Ready(Ok(outcome));
            }
            timer.as_mut().poll(cx).map(|()| {
                let after = timer.deadline() - start;
                Err(ClientError::Timeout { method: encoded.method.clone(), after })
            })
        })
        .await
    };
    flight.armed = matches!(outcome, Err(ClientError::Timeout { .. }));
    received(connection, outcome?).await
}

async fn received(
    connection: &Arc<Connection>,
    outcome: Result<Incoming, LinkError>,
) -> Result<Incoming, ClientError> {
    match outcome {
        Ok(incoming) => Ok(incoming),
        Err(error) => {
            connection.failed(&error).await;
            Err(error.into())
        }
    }
}

/// Tells the server, when dropped in flight, that nobody waits for the answer any more.
struct InFlight<'a> {
    shared: &'a Arc<Shared>,
    connection: &'a Connection,
    id: i64,
    method: &'a Cow<'static, str>,
    armed: bool,
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        // The handshake must not be cancelled (2025-11-25, "Cancellation").
        if self.armed && self.method != "initialize" {
            self.shared.cancel(self.connection, self.id);
        }
    }
}
