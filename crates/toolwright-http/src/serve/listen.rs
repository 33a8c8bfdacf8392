use std::{convert::Infallible, io, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{
    net::{TcpListener, TcpStream},
    task::{JoinError, JoinSet},
    time::{Instant, sleep},
};

use super::connection::{Respond, Shelter};

/// The pause after an error of the system, doubled by each further one.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// How often the log mentions that all connections are in use.
const REMINDER: Duration = Duration::from_secs(60);

/// All open connections. They end when this is dropped.
pub(crate) struct Connections<R> {
    shelter: Arc<Shelter<R>>,
    most: usize,
    tasks: JoinSet<()>,
    mentioned: Option<Instant>,
}

impl<R: Respond> Connections<R> {
    /// At most `most` at a time; at least one.
    pub(crate) fn new(shelter: Arc<Shelter<R>>, most: usize) -> Self {
        Self { shelter, most: most.max(1), tasks: JoinSet::new(), mentioned: None }
    }

    /// How many are open.
    pub(crate) fn len(&mut self) -> usize {
        while let Some(ended) = self.tasks.try_join_next() {
            report(ended);
        }
        self.tasks.len()
    }

    /// Accepts connections for ever. Beyond the most that may be open, further ones wait in the system's queue.
    pub(crate) async fn accept(&mut self, listener: &TcpListener) -> Infallible {
        let mut pause = SHORTEST_PAUSE;
        loop {
            self.mention();
            tokio::select! {
                Some(ended) = self.tasks.join_next(), if !self.tasks.is_empty() => report(ended),
                accepted = listener.accept(), if self.tasks.len() < self.most => match accepted {
                    Ok((stream, peer)) => {
                        pause = SHORTEST_PAUSE;
                        self.open(stream, peer);
                    }
                    Err(error) if concerns_one_connection(&error) => {}
                    // Out of file descriptors, say: it stays true until something ends, and trying at once would burn a core.
                    Err(error) => {
                        tracing::warn!(%error, "cannot accept connections; trying again");
                        sleep(pause).await;
                        pause = (pause * 2).min(LONGEST_PAUSE);
                    }
                },
            }
        }
    }

    /// Accepts what waits in the system's queue already, which closing the socket would reset, and closes it. The queue is short, so
    /// that the most that may be open does not matter any more.
    pub(crate) fn accept_waiting(&mut self, listener: TcpListener) -> io::Result<()> {
        let listener = listener.into_std()?;
        loop {
            match listener.accept() {
                Ok((stream, peer)) => {
                    stream.set_nonblocking(true)?;
                    self.open(TcpStream::from_std(stream)?, peer);
                }
                Err(error) if concerns_one_connection(&error) => {}
                Err(_) => return Ok(()),
            }
        }
    }

    /// Tells all connections to end after what they are doing.
    pub(crate) fn close(&self) {
        self.shelter.closing.ask();
    }

    /// Resolves when none is open.
    pub(crate) async fn ended(&mut self) {
        while let Some(ended) = self.tasks.join_next().await {
            report(ended);
        }
    }

    fn open(&mut self, stream: TcpStream, peer: SocketAddr) {
        // An event is one write, and has to leave at once.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%peer, %error, "a connection may be slow");
        }
        self.tasks.spawn(Arc::clone(&self.shelter).shelter(stream, peer));
    }

    fn mention(&mut self) {
        if self.tasks.len() >= self.most && self.mentioned.is_none_or(|when| when.elapsed() >= REMINDER) {
            self.mentioned = Some(Instant::now());
            tracing::warn!(connections = self.most, "all connections are in use; further ones wait");
        }
    }
}

fn report(ended: Result<(), JoinError>) {
    if let Err(error) = ended
        && error.is_panic()
    {
        tracing::error!("a route panicked; its connection is closed");
    }
}

/// A client that went away between being accepted by the system and by us is no trouble of the listener's.
fn concerns_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}
