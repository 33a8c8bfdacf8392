use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use ::http::{Request, response::Parts};
use tokio::time::Instant;
use toolwright_core::joint::LinkError;

use super::{Once, Reply, connection::Connection, dial::Dial, failure};

/// The connections to one origin. Each carries one request at a time; there are as many as requests at once.
pub(crate) struct Pool {
    dial: Dial,
    idle: Arc<Idle>,
}

impl Pool {
    pub(crate) fn new(dial: Dial) -> Self {
        let settings = dial.settings();
        let idle = Idle { connections: Mutex::default(), longest: settings.idle, most: settings.most_idle };
        Self { dial, idle: Arc::new(idle) }
    }

    /// Sees to it that there is a connection, so that a server which cannot be reached is known at once.
    pub(crate) async fn warm(&self) -> Result<(), super::dial::DialError> {
        let connection = match self.idle.take().await {
            Some(connection) => connection,
            None => self.dial.open().await?,
        };
        self.idle.put(connection);
        Ok(())
    }

    pub(super) async fn send(&self, mut request: Request<Once>) -> Result<(Parts, Reply), LinkError> {
        loop {
            let (mut connection, used) = match self.idle.take().await {
                Some(connection) => (connection, true),
                None => (self.dial.open().await.map_err(|error| LinkError::Io(error.into()))?, false),
            };
            match connection.send(request).await {
                Ok(answer) => {
                    let (head, body) = answer.into_parts();
                    return Ok((head, Reply::socket(connection, body, Arc::clone(&self.idle))));
                }
                // The server closed the connection while it was idle, as it may at any time.
                Err((_, Some(unsent))) if used => request = *unsent.0,
                Err((error, _)) => return Err(failure(error)),
            }
        }
    }
}

/// Connections that nobody uses.
pub(super) struct Idle {
    connections: Mutex<Vec<Connection>>,
    longest: std::time::Duration,
    most: usize,
}

impl Idle {
    fn lock(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The one that was used last, since it is the least likely to be closed by the server.
    async fn take(&self) -> Option<Connection> {
        loop {
            let mut connection = self.lock().pop()?;
            if connection.idle.elapsed() < self.longest && connection.is_usable().await {
                return Some(connection);
            }
        }
    }

    pub(super) fn put(&self, mut connection: Connection) {
        if connection.is_over() {
            return;
        }
        connection.idle = Instant::now();
        let longest = self.longest;
        let mut connections = self.lock();
        // The oldest ones come first.
        let stale = connections.iter().take_while(|each| each.idle.elapsed() >= longest).count();
        let excess = (connections.len() + 1).saturating_sub(self.most);
        let dropped = stale.max(excess).min(connections.len());
        let dropped: Vec<_> = connections.drain(..dropped).collect();
        if self.most > 0 {
            connections.push(connection);
        }
        drop(connections);
        drop(dropped);
    }
}
