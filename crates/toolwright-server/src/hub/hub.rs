use std::{
    collections::HashMap,
    fmt,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use toolwright_store::SharedPubSub;

use super::{Change, Listener};
use crate::connection::{Connection, WeakConnection};

/// Passes changes on to everyone in this process who hears of them, and to other replicas over the bus.
pub(crate) struct Hub {
    /// Tells this process's own messages on the bus from those of others.
    pub(super) origin: String,
    pub(super) bus: OnceLock<SharedPubSub>,
    listeners: Mutex<HashMap<u64, Arc<Listener>>>,
    connections: Mutex<Vec<WeakConnection>>,
    next: AtomicU64,
}

impl Hub {
    pub(crate) fn new(origin: String) -> Self {
        Self {
            origin,
            bus: OnceLock::new(),
            listeners: Mutex::default(),
            connections: Mutex::default(),
            next: AtomicU64::new(0),
        }
    }

    /// A session that finished its handshake, perhaps not its first one.
    pub(crate) fn join(&self, connection: &Arc<Connection>) {
        let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
        let own = Arc::downgrade(connection);
        connections.retain(|known| known.strong_count() > 0 && !known.ptr_eq(&own));
        connections.push(own);
    }

    /// Enters a listener for as long as the guard lives.
    pub(crate) fn listen(self: &Arc<Self>, listener: Arc<Listener>) -> Listening {
        let key = self.next.fetch_add(1, Ordering::Relaxed);
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner).insert(key, listener);
        Listening { hub: Arc::clone(self), key }
    }

    /// Tells everyone in this process.
    pub(super) fn tell(&self, change: &Change) {
        let listeners: Vec<_> =
            self.listeners.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        for listener in listeners {
            listener.tell(change);
        }
        let connections: Vec<_> = {
            let mut connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
            connections.retain(|known| known.upgrade().is_some_and(|connection| !connection.is_closed()));
            connections.iter().filter_map(WeakConnection::upgrade).collect()
        };
        for connection in connections {
            connection.tell(change);
        }
    }
}

impl fmt::Debug for Hub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub").field("origin", &self.origin).finish_non_exhaustive()
    }
}

/// A listener that is entered.
#[derive(Debug)]
pub(crate) struct Listening {
    hub: Arc<Hub>,
    key: u64,
}

impl Drop for Listening {
    fn drop(&mut self) {
        self.hub.listeners.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}
