use std::{fmt, sync::Arc};

use bytes::Bytes;

use super::{EventStore, SharedEventStore};

/// The kept events of one stream. When nobody can read or resume it any more, the last clone is dropped and they are forgotten.
#[derive(Clone)]
pub(crate) struct EventLog(Arc<Log>);

struct Log {
    session: SessionEvents,
    stream: u64,
}

impl EventLog {
    /// The number of the stream, which its event ids begin with.
    pub(crate) fn stream(&self) -> u64 {
        self.0.stream
    }

    /// Keeps an event. One that cannot be kept is only lost to those who would resume.
    pub(crate) async fn append(&self, sequence: u64, event: Bytes) {
        let Kept { store, session } = &*self.0.session.0;
        if let Err(error) = store.append(session, self.0.stream, sequence, event).await {
            tracing::warn!(%error, "an event could not be kept; a client that reconnects will miss it");
        }
    }

    /// What is kept of the events that follow `sequence`.
    pub(crate) async fn after(&self, sequence: u64) -> Vec<(u64, Bytes)> {
        let Kept { store, session } = &*self.0.session.0;
        match store.after(session, self.0.stream, sequence).await {
            Ok(events) => events,
            Err(error) => {
                tracing::warn!(%error, "kept events could not be read; a client that reconnected misses them");
                Vec::new()
            }
        }
    }
}

impl Drop for Log {
    fn drop(&mut self) {
        let (session, stream) = (self.session.clone(), self.stream);
        spawn(async move {
            let Kept { store, session } = &*session.0;
            if let Err(error) = store.forget(session, stream).await {
                tracing::debug!(%error, "the events of a stream could not be forgotten");
            }
        });
    }
}

impl fmt::Debug for EventLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventLog").field("stream", &self.0.stream).finish_non_exhaustive()
    }
}

/// The kept events of one session, forgotten together when the session and all its streams are gone.
#[derive(Clone)]
pub(crate) struct SessionEvents(Arc<Kept>);

struct Kept {
    store: SharedEventStore,
    session: Arc<str>,
}

impl SessionEvents {
    pub(crate) fn new(store: SharedEventStore, session: Arc<str>) -> Self {
        Self(Arc::new(Kept { store, session }))
    }

    /// Where the events of one stream go.
    pub(crate) fn log(&self, stream: u64) -> EventLog {
        EventLog(Arc::new(Log { session: self.clone(), stream }))
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        let (store, session) = (self.store.clone(), Arc::clone(&self.session));
        spawn(async move {
            if let Err(error) = store.forget_session(&session).await {
                tracing::debug!(%error, "the events of a session could not be forgotten");
            }
        });
    }
}

/// Runs what cannot be awaited in `drop`. Without a runtime the process is ending, and what it kept ends with it.
fn spawn(work: impl Future<Output = ()> + Send + 'static) {
    if let Ok(runtime) = tokio::runtime::Handle::try_current() {
        runtime.spawn(work);
    }
}
