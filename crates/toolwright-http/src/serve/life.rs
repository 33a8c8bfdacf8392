use std::{
    error::Error,
    fmt,
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
};

use tokio::sync::Notify;
use toolwright_core::joint::Endpoint;

const IDLE: u8 = 0;
const STARTING: u8 = 1;
const READY: u8 = 2;
const DRAINING: u8 = 3;
const GIVEN_UP: u8 = 4;
const STOPPED: u8 = 5;

/// How far a service is between its start and its end. It never goes back.
#[derive(Default)]
pub(crate) struct Life {
    phase: AtomicU8,
    changed: Notify,
}

impl Life {
    /// Whether requests can be served without waiting for the start.
    pub(crate) fn has_started(&self) -> bool {
        self.phase.load(Ordering::Acquire) >= READY
    }

    /// Whether new work should come here.
    pub(crate) fn is_ready(&self) -> bool {
        self.phase.load(Ordering::Acquire) == READY
    }

    /// Whether the end has begun.
    pub(crate) fn is_draining(&self) -> bool {
        self.phase.load(Ordering::Acquire) >= DRAINING
    }

    /// Whether the end is over, so that nothing can be served any more.
    pub(crate) fn has_stopped(&self) -> bool {
        self.phase.load(Ordering::Acquire) == STOPPED
    }

    /// Whether nobody has asked for the start yet.
    pub(crate) fn is_idle(&self) -> bool {
        self.phase.load(Ordering::Acquire) == IDLE
    }

    /// Starts the endpoint, or waits until it is started. Safe to drop: a start that has begun goes on.
    pub(crate) async fn start(
        self: &Arc<Self>,
        endpoint: &Arc<dyn Endpoint>,
    ) -> Result<(), Box<dyn Error + Send + Sync>> {
        self.advance(STARTING);
        let (life, starting) = (Arc::clone(self), endpoint.start());
        // Half a start, because the client that caused it went away, could not be undone.
        tokio::spawn(async move {
            let started = starting.await;
            if started.is_ok() {
                life.advance(READY);
            }
            started
        })
        .await?
    }

    /// The end begins.
    pub(crate) fn drain(&self) {
        self.advance(DRAINING);
    }

    /// Nobody waits any longer for what still runs.
    pub(crate) fn give_up(&self) {
        self.advance(GIVEN_UP);
    }

    /// The end is over.
    pub(crate) fn stop(&self) {
        self.advance(STOPPED);
    }

    /// Resolves when the end has begun.
    pub(crate) async fn draining(&self) {
        self.until(Self::is_draining).await;
    }

    /// Resolves when nobody waits any longer for what still runs.
    pub(crate) async fn given_up(&self) {
        self.until(|life| life.phase.load(Ordering::Acquire) >= GIVEN_UP).await;
    }

    /// Resolves when the end is over.
    pub(crate) async fn stopped(&self) {
        self.until(Self::has_stopped).await;
    }

    fn advance(&self, phase: u8) {
        if self.phase.fetch_max(phase, Ordering::AcqRel) < phase {
            self.changed.notify_waiters();
        }
    }

    async fn until(&self, holds: impl Fn(&Self) -> bool) {
        loop {
            let mut change = pin!(self.changed.notified());
            change.as_mut().enable();
            if holds(self) {
                return;
            }
            change.await;
        }
    }
}

impl fmt::Debug for Life {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let phase = ["idle", "starting", "ready", "draining", "given up", "stopped"];
        f.write_str(phase[usize::from(self.phase.load(Ordering::Acquire))])
    }
}

#[cfg(test)]
mod tests {
    use std::{
        future::{pending, poll_fn, ready},
        pin::pin,
        sync::{
            Arc, Mutex,
            atomic::{AtomicUsize, Ordering},
        },
        task::Poll,
    };

    use toolwright_core::joint::{BoxFuture, Endpoint, Inbound, Outbound, Outlet, Session, Surface};

    use super::Life;

    /// Starts when it is told to, or fails to.
    #[derive(Default)]
    struct Slow {
        surface: Surface,
        starts: AtomicUsize,
        started: Mutex<Option<BoxFuture<'static, Result<(), Box<dyn std::error::Error + Send + Sync>>>>>,
    }

    impl Endpoint for Slow {
        fn call(&self, _inbound: Inbound) -> BoxFuture<'static, Outbound> {
            Box::pin(pending())
        }

        fn open(&self, _outlet: Arc<dyn Outlet>) -> Arc<dyn Session> {
            unreachable!("no session is opened here")
        }

        fn surface(&self) -> &Surface {
            &self.surface
        }

        fn start(&self) -> BoxFuture<'static, Result<(), Box<dyn std::error::Error + Send + Sync>>> {
            self.starts.fetch_add(1, Ordering::SeqCst);
            self.started.lock().unwrap().take().unwrap_or_else(|| Box::pin(ready(Ok(()))))
        }

        fn drain(&self) {}

        fn stop(&self) -> BoxFuture<'static, ()> {
            Box::pin(ready(()))
        }
    }

    #[tokio::test]
    async fn a_start_that_nobody_waits_for_goes_on() {
        let (go, gone) = tokio::sync::oneshot::channel::<()>();
        let slow = Slow::default();
        *slow.started.lock().unwrap() = Some(Box::pin(async {
            gone.await?;
            Ok(())
        }));
        let (life, endpoint) = (Arc::new(Life::default()), Arc::new(slow) as Arc<dyn Endpoint>);
        {
            let mut start = pin!(life.start(&endpoint));
            poll_fn(|context| {
                assert!(start.as_mut().poll(context).is_pending());
                Poll::Ready(())
            })
            .await;
        }
        assert!(!life.is_ready() && !life.is_idle());
        go.send(()).unwrap();
        life.until(Life::is_ready).await;
    }

    #[tokio::test]
    async fn a_start_that_fails_can_be_tried_again() {
        let slow = Slow::default();
        *slow.started.lock().unwrap() = Some(Box::pin(ready(Err("no database".into()))));
        let (life, slow) = (Arc::new(Life::default()), Arc::new(slow));
        let endpoint = Arc::clone(&slow) as Arc<dyn Endpoint>;
        assert_eq!(life.start(&endpoint).await.unwrap_err().to_string(), "no database");
        assert!(!life.has_started());
        life.start(&endpoint).await.unwrap();
        assert!(life.is_ready());
        assert_eq!(slow.starts.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn what_ends_does_not_become_ready_again() {
        let (life, endpoint) = (Arc::new(Life::default()), Arc::new(Slow::default()) as Arc<dyn Endpoint>);
        life.drain();
        life.draining().await;
        life.start(&endpoint).await.unwrap();
        assert!(!life.is_ready() && life.has_started() && !life.has_stopped());
        life.stop();
        life.stopped().await;
    }
}
