use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use toolwright_client::{Builder, Change, Notification};
use toolwright_core::model::{LoggingMessageParams, ProgressParams};

/// Keeps what a client hears beside its answers. Clones share what they keep.
///
/// # Example
/// ```
/// use toolwright_client::{Client, ClientError};
/// use toolwright_core::joint::Connect;
/// use toolwright_testing::Recorder;
///
/// async fn reports_progress(server: impl Connect) -> Result<(), ClientError> {
///     let recorder = Recorder::new();
///     let client = recorder.record(Client::builder()).connect(server).await?;
///     client.call("slow", ()).await?;
///     assert_eq!(recorder.progress().len(), 3);
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug, Default)]
pub struct Recorder(Arc<Mutex<Heard>>);

#[derive(Debug, Default)]
struct Heard {
    progress: Vec<ProgressParams>,
    logs: Vec<LoggingMessageParams>,
    changes: Vec<Change>,
    notifications: Vec<Notification>,
}

impl Recorder {
    /// Nothing heard yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Installs the handlers. They take the place of others for the same.
    pub fn record(&self, builder: Builder) -> Builder {
        let (progress, logs, changes, notifications) =
            (self.clone(), self.clone(), self.clone(), self.clone());
        builder
            .on_progress(move |report| progress.heard().progress.push(report))
            .on_log(move |message| logs.heard().logs.push(message))
            .on_change(move |change| changes.heard().changes.push(change))
            .on_notification(move |notification| notifications.heard().notifications.push(notification))
    }

    fn heard(&self) -> MutexGuard<'_, Heard> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The progress reports so far.
    pub fn progress(&self) -> Vec<ProgressParams> {
        self.heard().progress.clone()
    }

    /// The log messages so far.
    pub fn logs(&self) -> Vec<LoggingMessageParams> {
        self.heard().logs.clone()
    }

    /// The changes so far.
    pub fn changes(&self) -> Vec<Change> {
        self.heard().changes.clone()
    }

    /// Every notification so far, the other kinds included.
    pub fn notifications(&self) -> Vec<Notification> {
        self.heard().notifications.clone()
    }

    /// Forgets what was heard.
    pub fn clear(&self) {
        *self.heard() = Heard::default();
    }
}
