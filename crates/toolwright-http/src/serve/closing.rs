use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{Notify, futures::Notified};

/// Tells all connections to end after what they are doing.
#[derive(Debug, Default)]
pub(crate) struct Closing {
    asked: AtomicBool,
    told: Notify,
}

impl Closing {
    /// Tells them.
    pub(crate) fn ask(&self) {
        self.asked.store(true, Ordering::Release);
        self.told.notify_waiters();
    }

    pub(crate) fn is_asked(&self) -> bool {
        self.asked.load(Ordering::Acquire)
    }

    /// Wakes whoever polls it once they are told.
    pub(crate) fn told(&self) -> Notified<'_> {
        self.told.notified()
    }
}
