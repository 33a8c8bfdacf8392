use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use crate::{Context, HandlerError, extract::FromCall};

/// Tells whether the client gave the call up. A handler that does not look is dropped at its next `.await`.
///
/// # Example
/// ```
/// use toolwright_server::extract::Cancel;
///
/// async fn count(cancel: Cancel) -> u64 {
///     let mut turns = 0;
///     while !cancel.is_cancelled() && turns < 1000 {
///         turns += 1;
///     }
///     turns
/// }
/// # let _ = count;
/// ```
#[derive(Clone, Debug)]
pub struct Cancel(Context);

impl Cancel {
    /// Whether the call was given up, or has been answered.
    pub fn is_cancelled(&self) -> bool {
        self.0.is_cancelled()
    }

    /// Waits until the call is given up.
    pub async fn cancelled(&self) {
        self.0.until_cancelled().await;
    }
}

impl FromCall for Cancel {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        Ok(Self(context.clone()))
    }
}

/// The switch behind it.
#[derive(Debug, Default)]
pub(crate) struct Switch {
    off: AtomicBool,
    notify: Notify,
}

impl Switch {
    pub(crate) fn is_off(&self) -> bool {
        self.off.load(Ordering::Acquire)
    }

    pub(crate) fn turn_off(&self) {
        self.off.store(true, Ordering::Release);
        self.notify.notify_waiters();
    }

    /// Turns it on again, for a server that starts anew.
    pub(crate) fn turn_on(&self) {
        self.off.store(false, Ordering::Release);
    }

    pub(crate) async fn until_off(&self) {
        loop {
            let notified = self.notify.notified();
            if self.is_off() {
                return;
            }
            notified.await;
        }
    }
}
