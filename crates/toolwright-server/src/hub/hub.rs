use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    sync::{
        Arc, Mutex, OnceLock, PoisonError, Weak,
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
    /// In the order in which they came.
    connections: Mutex<BTreeMap<u64, WeakConnection>>,
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

    /// Enters a session that finished its handshake, perhaps not its first one, until it is gone.
    pub(crate) fn join(self: &Arc<Self>, connection: &Arc<Connection>) {
        connection.joined(|| {
            let key = self.next.fetch_add(1, Ordering::Relaxed);
            let weak = Arc::downgrade(connection);
            self.connections.lock().unwrap_or_else(PoisonError::into_inner).insert(key, weak);
            Joined { hub: Arc::downgrade(self), key }
        });
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
        // The last share of one may be dropped here, which takes it off the table.
        let connections: Vec<_> = {
            let connections = self.connections.lock().unwrap_or_else(PoisonError::into_inner);
            connections.values().filter_map(WeakConnection::upgrade).collect()
        };
        for connection in connections {
            if !connection.is_closed() {
                connection.tell(change);
            }
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

/// A session that is entered.
#[derive(Debug)]
pub(crate) struct Joined {
    hub: Weak<Hub>,
    key: u64,
}

impl Drop for Joined {
    fn drop(&mut self) {
        if let Some(hub) = self.hub.upgrade() {
            hub.connections.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use toolwright_core::joint::Mute;

    use super::*;

    #[test]
    fn a_session_is_entered_once_and_gone_with_its_last_share() {
        let hub = Arc::new(Hub::new("here".into()));
        let entered = || hub.connections.lock().unwrap().len();
        let connection = Connection::new(Arc::new(Mute));
        hub.join(&connection);
        hub.join(&connection);
        assert_eq!(entered(), 1);
        drop(connection);
        assert_eq!(entered(), 0);
    }
}
