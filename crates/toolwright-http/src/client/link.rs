use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{runtime::Handle, task::JoinHandle, time::timeout};
use toolwright_core::{
    era::Revision,
    joint::{BoxFuture, Incoming, Link, LinkError, Outgoing},
};

use super::{exchange::post, general, line::Line};

/// What a server has to end a session.
const GOODBYE: Duration = Duration::from_secs(2);

/// A client's connection: messages to one URL.
pub(super) struct Wire {
    line: Arc<Line>,
    listening: Mutex<Option<JoinHandle<()>>>,
}

impl Wire {
    pub(super) fn new(line: Line) -> Self {
        Self { line: Arc::new(line), listening: Mutex::default() }
    }

    /// Ends what runs beside the requests.
    fn stop(&self) {
        if let Some(listening) = self.listening.lock().unwrap_or_else(PoisonError::into_inner).take() {
            listening.abort();
        }
        if let Some(pair) = self.line.pair.get() {
            pair.stop();
        }
    }
}

impl Link for Wire {
    fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
        Box::pin(post(Arc::clone(&self.line), message))
    }

    fn announces_cancel(&self) -> bool {
        // In a session a lost connection is no cancellation, since streams can be resumed ("Cancellation").
        self.line.is_legacy()
    }

    fn settled(&self, revision: Revision) {
        self.line.settle(revision);
        if !self.line.is_legacy() || self.line.pair.get().is_some() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let listening = self.line.opens_stream();
            let line = Arc::clone(&self.line);
            let task = runtime.spawn(async move {
                general::listen(line).await;
                drop(listening);
            });
            *self.listening.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
        }
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        let first = self.line.shut();
        self.stop();
        let line = Arc::clone(&self.line);
        Box::pin(async move {
            if first && timeout(GOODBYE, line.end_session()).await.is_err() {
                tracing::debug!("the server did not end the session in time");
            }
        })
    }

    fn closed(&self) -> BoxFuture<'static, ()> {
        let line = Arc::clone(&self.line);
        Box::pin(async move {
            match line.pair.get() {
                Some(pair) => pair.gone().await,
                None => line.lost().await,
            }
        })
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.stop();
        if !self.line.shut() || self.line.session().is_none() {
            return;
        }
        if let Ok(runtime) = Handle::try_current() {
            let line = Arc::clone(&self.line);
            runtime.spawn(async move { timeout(GOODBYE, line.end_session()).await });
        }
    }
}
