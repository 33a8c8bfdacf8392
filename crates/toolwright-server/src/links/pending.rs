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
    ended: Notify,
}

#[derive(Debug)]
struct Client {
    connection: WeakConnection,
    until: Instant,
    /// A handler waits, and will tell it on the stream of the call.
    awaited: bool,
}

impl Pending {
    fn clients(&self) -> MutexGuard<'_, HashMap<String, Client>> {
        self.clients.lock().unwrap_or_else(PoisonError::into_inner)
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
            clients.insert(ticket.id.clone(), Client { connection, until, awaited: false });
        }
    }

    /// Something came of a link: wakes those who wait, and tells its client if nobody does.
    pub(super) fn end(&self, id: &str) {
        let told = {
            let mut clients = self.clients();
            match clients.get(id) {
                Some(client) if !client.awaited => clients.remove(id),
                _ => None,
            }
        };
        if let Some(connection) = told.and_then(|client| client.connection.upgrade()) {
            connection.notify(message(id));
        }
        self.wake();
    }

    /// Has those who wait look into the store.
    pub(super) fn wake(&self) {
        self.ended.notify_waiters();
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
        let _awaited = Awaited::new(self, &ticket.id);
        loop {
            let ended = self.ended.notified();
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
}

impl<'a> Awaited<'a> {
    fn new(pending: &'a Pending, id: &'a str) -> Self {
        let this = Self { pending, id };
        this.set(true);
        this
    }

    fn set(&self, awaited: bool) {
        if let Some(client) = self.pending.clients().get_mut(self.id) {
            client.awaited = awaited;
        }
    }
}

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        self.set(false);
    }
}
