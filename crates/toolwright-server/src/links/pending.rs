use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use tokio::{sync::Notify, time::Instant};
use toolwright_core::{
    jsonrpc::encode,
    model::{ElicitationCompleteParams, Method},
};

use super::{Outcome, Ticket};
use crate::{
    Context, HandlerError,
    connection::{Connection, WeakConnection},
    question::QuestionError,
};

/// Beyond that many open links, clients are no longer told when one is completed.
const MOST: usize = 4096;
/// How often the store is asked for what other replicas wrote.
const LOOK: Duration = Duration::from_secs(1);

/// Who is to be told when a link is completed: handlers of this process, and clients whose revision has a message for it.
#[derive(Debug, Default)]
pub(crate) struct Pending {
    clients: Mutex<HashMap<String, Client>>,
    /// The links that handlers wait for.
    awaited: Mutex<HashMap<String, Arc<Notify>>>,
}

#[derive(Debug)]
struct Client {
    connection: WeakConnection,
    until: Instant,
}

impl Pending {
    fn clients(&self) -> MutexGuard<'_, HashMap<String, Client>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn awaited(&self) -> MutexGuard<'_, HashMap<String, Arc<Notify>>> {
        self.awaited.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Remembers which client got a link.
    pub(crate) fn add(&self, ticket: &Ticket, connection: &Arc<Connection>) {
        let now = Instant::now();
        let mut clients = self.clients();
        if clients.len() >= MOST {
            clients.retain(|_, client| client.until > now && client.connection.strong_count() > 0);
        }
        if clients.len() < MOST {
            let until = now + ticket.remaining().unwrap_or_default().min(Duration::from_secs(24 * 60 * 60));
            let connection = Arc::downgrade(connection);
            clients.insert(ticket.id.clone(), Client { connection, until });
        }
    }

    /// Something came of a link: wakes those who wait for it, and tells its client if nobody does.
    pub(super) fn end(&self, id: &str) {
        if let Some(ended) = self.awaited().get(id) {
            // A handler tells the client, on the stream of the call.
            return ended.notify_waiters();
        }
        let client = self.clients().remove(id);
        if let Some(connection) = client.and_then(|client| client.connection.upgrade()) {
            connection.notify(message(id));
        }
    }

    /// Has all who wait look into the store.
    pub(super) fn wake(&self) {
        self.awaited().values().for_each(|ended| ended.notify_waiters());
    }

    /// Waits until something came of a link; nothing after `patience`. The clock of the call stands still.
    pub(crate) async fn wait(
        &self,
        context: &Context,
        ticket: &Ticket,
        patience: Duration,
    ) -> Result<Option<Outcome>, HandlerError> {
        let until = Instant::now() + patience;
        let _paused = context.pause();
        let awaited = Awaited::new(self, &ticket.id);
        loop {
            let ended = awaited.ended.notified();
            if let Some(outcome) = Outcome::get(context.engine(), ticket, context.principal()).await? {
                if self.clients().remove(&ticket.id).is_some() {
                    // Who does not hear of it sees the result, which follows.
                    let _ = context.emit(message(&ticket.id));
                }
                return Ok(Some(outcome));
            }
            let now = Instant::now();
            if now >= until {
                return Ok(None);
            }
            tokio::select! {
                biased;
                () = context.until_cancelled() => return Err(HandlerError::public(QuestionError::Closed)),
                () = ended => {}
                () = tokio::time::sleep_until(until.min(now + LOOK)) => {}
            }
        }
    }
}

/// `notifications/elicitation/complete` (2025-11-25, "Elicitation", "Completion Notifications for URL Mode Elicitation").
fn message(id: &str) -> Bytes {
    encode::notification(Method::ElicitationComplete.as_str(), &ElicitationCompleteParams::new(id))
        .expect("a text can always be written")
}

/// While it lives, a handler waits for the link.
struct Awaited<'a> {
    pending: &'a Pending,
    id: &'a str,
    ended: Arc<Notify>,
}

impl<'a> Awaited<'a> {
    fn new(pending: &'a Pending, id: &'a str) -> Self {
        let ended = Arc::clone(pending.awaited().entry(id.to_owned()).or_default());
        Self { pending, id, ended }
    }
}

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        let mut awaited = self.pending.awaited();
        // One is in the table.
        if Arc::strong_count(&self.ended) == 2 {
            awaited.remove(self.id);
        }
    }
}
