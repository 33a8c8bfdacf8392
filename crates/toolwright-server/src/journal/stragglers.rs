use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use tokio::sync::Notify;

/// Calls that nobody waits for, except that a step of theirs has to come to its end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Stragglers(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    running: AtomicUsize,
    fewer: Notify,
}

impl Stragglers {
    /// One more, until what it returns is dropped.
    pub(super) fn begin(&self) -> Straggler {
        self.0.running.fetch_add(1, Ordering::AcqRel);
        Straggler(Arc::clone(&self.0))
    }

    /// Waits until there are none.
    pub(crate) async fn finished(&self) {
        loop {
            let fewer = self.0.fewer.notified();
            if self.0.running.load(Ordering::Acquire) == 0 {
                return;
            }
            fewer.await;
        }
    }
}

pub(super) struct Straggler(Arc<Inner>);

impl Drop for Straggler {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::AcqRel);
        self.0.fewer.notify_waiters();
    }
}
