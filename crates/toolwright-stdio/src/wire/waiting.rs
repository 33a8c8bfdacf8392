use std::{
    collections::HashMap,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use tokio::sync::{oneshot, watch};
use toolwright_core::{
    joint::{Incoming, LinkError},
    jsonrpc::Id,
};

use super::Ended;

/// Requests on their way, by id.
pub(crate) struct Waiting {
    requests: Mutex<Requests>,
    gone: watch::Sender<bool>,
}

enum Requests {
    Open(HashMap<Id, oneshot::Sender<Bytes>>),
    Over(Ended),
}

impl Default for Waiting {
    fn default() -> Self {
        Self { requests: Mutex::new(Requests::Open(HashMap::new())), gone: watch::Sender::new(false) }
    }
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Requests> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn request(self: &Arc<Self>, id: Id) -> Result<Wait, LinkError> {
        let (answer, answered) = oneshot::channel();
        match &mut *self.lock() {
            Requests::Open(waiting) => waiting.insert(id.clone(), answer),
            Requests::Over(why) => return Err(why.error()),
        };
        Ok(Wait { waiting: Arc::clone(self), id, answered })
    }

    pub(super) fn answer(&self, id: &Id, body: Bytes) {
        let waiter = match &mut *self.lock() {
            Requests::Open(waiting) => waiting.remove(id),
            Requests::Over(_) => None,
        };
        // Whoever gave up has no use for a late answer ("Cancellation").
        if waiter.is_none_or(|waiter| waiter.send(body).is_err()) {
            tracing::debug!(%id, "an answer that nobody waits for");
        }
    }

    /// Fails all who wait and all who come. The first reason stays.
    pub(super) fn over(&self, why: Ended) {
        let mut requests = self.lock();
        if matches!(*requests, Requests::Open(_)) {
            let waiters = mem::replace(&mut *requests, Requests::Over(why));
            drop(requests);
            drop(waiters);
        }
        self.gone.send_replace(true);
    }

    /// Why no answer comes.
    pub(super) fn why(&self) -> LinkError {
        match &*self.lock() {
            Requests::Open(_) => LinkError::Closed,
            Requests::Over(why) => why.error(),
        }
    }

    /// Resolves when no further answer can come.
    pub(crate) async fn gone(&self) {
        let mut gone = self.gone.subscribe();
        // The sender lives as long as this does.
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
    pub(super) async fn answer(mut self) -> Result<Incoming, LinkError> {
        match (&mut self.answered).await {
            Ok(body) => Ok(Incoming::new(Some(body))),
            Err(_) => Err(self.waiting.why()),
        }
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Requests::Open(waiting) = &mut *self.waiting.lock() {
            waiting.remove(&self.id);
        }
    }
}
