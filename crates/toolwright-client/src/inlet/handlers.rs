use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use toolwright_core::{
    Raw,
    model::{LoggingMessageParams, ProgressParams},
};

use crate::subscription::Change;

/// A notification of the server, as it came.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Notification {
    /// Its method, for example `notifications/tools/list_changed`.
    pub method: String,
    /// Its parameters.
    pub params: Option<Raw>,
}

type Handler<T> = Arc<dyn Fn(T) + Send + Sync>;

/// What the application wants to know of.
#[derive(Clone, Default)]
pub(crate) struct Handlers {
    pub(crate) log: Option<Handler<LoggingMessageParams>>,
    pub(crate) change: Option<Handler<Change>>,
    pub(crate) notification: Option<Handler<Notification>>,
    pub(crate) progress: Option<Handler<ProgressParams>>,
    pub(crate) elicit_complete: Option<Handler<String>>,
}

/// Calls `handler`. A panic of it must not reach the transport or the server in whose thread it runs.
pub(super) fn call<T>(handler: &Handler<T>, value: T) {
    if catch_unwind(AssertUnwindSafe(|| handler(value))).is_err() {
        tracing::error!("a notification handler of the client panicked");
    }
}

impl fmt::Debug for Handlers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handlers")
            .field("log", &self.log.is_some())
            .field("change", &self.change.is_some())
            .field("notification", &self.notification.is_some())
            .field("progress", &self.progress.is_some())
            .field("elicit_complete", &self.elicit_complete.is_some())
            .finish()
    }
}
