use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use serde_json::Number;
use toolwright_core::{
    joint::SendError,
    jsonrpc::encode,
    model::{IntoNumber, IntoTotal, Method, ProgressParams},
};

use super::Context;
use crate::{HandlerError, extract::FromCall};

/// What was reported so far.
#[derive(Debug, Default)]
pub(crate) struct Reported(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last: Option<f64>,
    /// The newest report, when the client did not keep up with the ones before.
    waiting: Option<Bytes>,
}

impl Context {
    /// Reports progress: `progress` of `total`, or `()` where the total is unknown.
    ///
    /// It goes out only if the client asked for progress, and only if it is more than what was reported before ("Progress"). To a
    /// client that does not keep up, only the newest report is sent.
    pub fn progress(&self, progress: impl IntoNumber, total: impl IntoTotal) {
        self.report(progress.into_number(), total.into_total(), None);
    }

    /// Reports progress and says what is being done.
    pub fn progress_with(
        &self,
        progress: impl IntoNumber,
        total: impl IntoTotal,
        message: impl Into<String>,
    ) {
        self.report(progress.into_number(), total.into_total(), Some(message.into()));
    }

    fn report(&self, progress: Option<Number>, total: Option<Number>, message: Option<String>) {
        let (Some(token), Some(progress)) = (self.progress_token(), progress) else { return };
        let mut state = self.reported().0.lock().unwrap_or_else(PoisonError::into_inner);
        let value = progress.as_f64().unwrap_or(f64::MAX);
        if self.is_closed() || self.is_replaying() || state.last.is_some_and(|last| value <= last) {
            return;
        }
        state.last = Some(value);
        let mut params = ProgressParams::new(token.clone(), progress);
        params.total = total;
        params.message = message.filter(|_| self.era().narrates_progress());
        let message =
            encode::notification(Method::Progress.as_str(), &params).expect("progress can always be written");
        state.waiting = match self.emit(message) {
            Err(SendError::Full(message)) => Some(message),
            _ => None,
        };
    }

    pub(super) fn flush_progress(&self) {
        if self.progress_token().is_none() {
            return;
        }
        let waiting = self.reported().0.lock().unwrap_or_else(PoisonError::into_inner).waiting.take();
        if let Some(message) = waiting {
            // A client that still does not keep up gets the result without it.
            let _ = self.emit(message);
        }
    }
}

/// Reports progress of a call: an extractor for handlers that need nothing else of the [`Context`].
///
/// # Example
/// ```
/// use toolwright_server::extract::Progress;
///
/// async fn import(progress: Progress) {
///     for row in 1..=3 {
///         progress.report(row, 3);
///     }
/// }
/// # let _ = import;
/// ```
#[derive(Clone, Debug)]
pub struct Progress(Context);

impl Progress {
    /// Reports `progress` of `total`, or `()` where the total is unknown.
    pub fn report(&self, progress: impl IntoNumber, total: impl IntoTotal) {
        self.0.progress(progress, total);
    }
}

impl FromCall for Progress {
    async fn from_call(context: &Context) -> Result<Self, HandlerError> {
        Ok(Self(context.clone()))
    }
}
