use std::{convert::Infallible, future::Future, io, pin::pin, sync::Arc, time::Duration};

use tokio::{
    net::TcpListener,
    time::{Instant, sleep, sleep_until},
};
use toolwright_signal::Signals;

use super::{Error, connection::Respond, listen::Connections};
use crate::shared::Shared;

/// What clients sent before they could know of the end is read within this, even if nothing else runs.
const LAST_CALL: Duration = Duration::from_millis(100);

/// From the first connection to an end in good order.
pub(crate) struct Conduct<R> {
    pub(crate) shared: Arc<Shared>,
    pub(crate) connections: Connections<R>,
    pub(crate) signals: Signals,
    pub(crate) given_up: Option<Box<dyn FnOnce(usize) + Send>>,
}

impl<R: Respond> Conduct<R> {
    /// Serves what arrives at `listener` until somebody asks for the end.
    pub(crate) async fn run(mut self, listener: TcpListener, url: &str) -> Result<(), Error> {
        {
            let (shared, signals) = (&self.shared, &mut self.signals);
            let mut accepting = pin!(self.connections.accept(&listener));
            let start = serving(accepting.as_mut(), shared.life.start(&shared.endpoint));
            let started = tokio::select! {
                started = start => started.map_err(Error::Start).map(|()| true)?,
                () = asked(shared, signals) => false,
            };
            if started {
                tracing::info!("serving MCP at {url}");
                serving(accepting, asked(shared, signals)).await;
            }
        }
        self.end(listener).await
    }

    async fn end(mut self, listener: TcpListener) -> Result<(), Error> {
        let shared = Arc::clone(&self.shared);
        shared.begin_end();
        self.connections.accept_waiting(listener).unwrap_or_else(|error| forsaken(&error));
        let deadline = Instant::now() + shared.limits.drain;
        let interrupted = tokio::select! {
            biased;
            () = drained(&shared, &mut self.connections) => false,
            () = sleep_until(deadline) => false,
            () = self.signals.next() => true,
        };
        let left = shared.running().max(self.connections.len());
        if left > 0 {
            tracing::warn!(requests = left, "gave up requests that were still running at the end");
            self.given_up.into_iter().for_each(|hook| hook(left));
        }
        shared.give_up();
        drop(self.connections);
        if interrupted {
            return Err(Error::Interrupted);
        }
        tokio::select! {
            biased;
            () = shared.endpoint.stop() => shared.life.stop(),
            () = self.signals.next() => return Err(Error::Interrupted),
        }
        Ok(())
    }
}

/// Resolves when running requests are answered and all connections are closed.
async fn drained<R: Respond>(shared: &Shared, connections: &mut Connections<R>) {
    if connections.len() > 0 {
        sleep(LAST_CALL).await;
    }
    shared.idle().await;
    connections.close();
    connections.ended().await;
}

/// Resolves when the system or the program asks for the end.
async fn asked(shared: &Shared, signals: &mut Signals) {
    tokio::select! {
        () = signals.next() => {}
        () = shared.life.draining() => {}
    }
}

/// Resolves with `until`, and accepts connections meanwhile.
async fn serving<T>(accepting: impl Future<Output = Infallible>, until: impl Future<Output = T>) -> T {
    tokio::select! {
        biased;
        done = until => done,
        never = accepting => match never {},
    }
}

fn forsaken(error: &io::Error) {
    tracing::warn!(%error, "connections that the system had accepted may be lost");
}
