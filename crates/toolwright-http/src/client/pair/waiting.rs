use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::sync::{oneshot, watch};
use toolwright_core::jsonrpc::Id;

/// Requests on their way, by id.
pub(super) struct Waiting {
    /// None once no answer can come.
    requests: Mutex<Option<HashMap<Id, oneshot::Sender<Bytes>>>>,
    gone: watch::Sender<bool>,
}

impl Default for Waiting {
    fn default() -> Self {
        Self { requests: Mutex::new(Some(HashMap::new())), gone: watch::Sender::new(false) }
    }
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Option<HashMap<Id, oneshot::Sender<Bytes>>>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for the answer to `id`; none if no answer can come.
    pub(super) fn request(self: &Arc<Self>, id: Id) -> Option<Wait> {
        let (answer, answered) = oneshot::channel();
        self.lock().as_mut()?.insert(id.clone(), answer);
        Some(Wait { waiting: Arc::clone(self), id, answered })
    }

    pub(super) fn answer(&self, id: &Id, body: Bytes) {
        let waiter = self.lock().as_mut().and_then(|waiting| waiting.remove(id));
        // Whoever gave up has no use for a late answer ("Cancellation").
        if waiter.is_none_or(|waiter| waiter.send(body).is_err()) {
            tracing::debug!(%id, "an answer that nobody waits for");
        }
    }

    /// Fails everybody who waits.
    pub(super) fn end(&self) {
        self.lock().take();
        self.gone.send_replace(true);
    }

    pub(super) async fn ended(&self) {
        let mut gone = self.gone.subscribe();
        // A sender that is dropped is just as gone.
        let _ = gone.wait_for(|gone| *gone).await;
    }
}

/// One request on its way. Dropping it gives the request up.
pub(super) struct Wait {
    waiting: Arc<Waiting>,
    id: Id,
    answered: oneshot::Receiver<Bytes>,
}

impl Wait {
    /// None if the stream ended before.
    pub(super) async fn answer(mut self) -> Option<Bytes> {
        (&mut self.answered).await.ok()
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(waiting) = self.waiting.lock().as_mut() {
            waiting.remove(&self.id);
        }
    }
}
