use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    task::JoinHandle,
    time::timeout,
};
use toolwright_core::joint::{Attach, BoxFuture, Connect, ConnectError, Incoming, Link, LinkError, Outgoing};

use crate::{
    lines::Lines,
    tasks,
    wire::{End, Ended, Heard, Wire, read},
};

/// What a server has to end, once its input ended.
const GOODBYE: Duration = Duration::from_secs(2);

/// The client's end of a pair of byte streams whose other end a server reads and writes, for example through
/// [`serve_io`](crate::serve_io).
///
/// Lines that are no messages are logged and skipped, since many a server prints to its stdout. A pipe can be connected once.
///
/// # Example
/// ```
/// use toolwright_stdio::Pipe;
///
/// let (to_server, servers_reader) = tokio::io::duplex(1024);
/// let (servers_writer, from_server) = tokio::io::duplex(1024);
/// let pipe = Pipe::new(from_server, to_server).longest(1024 * 1024);
/// # drop((pipe, servers_reader, servers_writer));
/// ```
pub struct Pipe<R, W> {
    ends: Mutex<Option<(R, W)>>,
    longest: usize,
}

impl<R, W> Pipe<R, W> {
    /// Reads what the server writes from `reader`, and writes to `writer`.
    pub fn new(reader: R, writer: W) -> Self {
        Self { ends: Mutex::new(Some((reader, writer))), longest: 64 * 1024 * 1024 }
    }

    /// Longest message in bytes that a server may send; a longer one ends the connection. Default 64 MiB.
    #[must_use]
    pub fn longest(mut self, longest: usize) -> Self {
        self.longest = longest;
        self
    }
}

impl<R, W> fmt::Debug for Pipe<R, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pipe").field("longest", &self.longest).finish_non_exhaustive()
    }
}

impl<R, W> Connect for Pipe<R, W>
where
    R: AsyncRead + Send + 'static,
    W: AsyncWrite + Send + 'static,
{
    async fn connect(&self, attach: Attach) -> Result<Arc<dyn Link>, ConnectError> {
        let ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (reader, writer) = ends.ok_or_else(|| {
            ConnectError::new("a pipe", "it was connected before, and there is nothing to open again")
        })?;
        let wire = Wire::new(Duration::ZERO);
        tokio::spawn(tasks::write(Arc::clone(&wire.outbox), writer));
        let (end, limit) = (End::new(wire.clone()), self.longest);
        let reading = read(Arc::clone(&wire.waiting), reader, Lines::new(limit), attach.inlet);
        let reading = tokio::spawn(async move {
            match reading.await {
                Heard::All => end.because(Ended::Closed),
                Heard::TooMuch => end.because(Ended::TooLarge { limit }),
            }
        });
        Ok(Arc::new(Piped { wire, reading: Mutex::new(Some(reading)) }))
    }

    fn reopens(&self) -> bool {
        false
    }
}

struct Piped {
    wire: Wire,
    reading: Mutex<Option<JoinHandle<()>>>,
}

impl Link for Piped {
    fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
        self.wire.exchange(message)
    }

    fn announces_cancel(&self) -> bool {
        true
    }

    fn wants_headers(&self) -> bool {
        false
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        let outbox = Arc::clone(&self.wire.outbox);
        let reading = self.reading.lock().unwrap_or_else(PoisonError::into_inner).take();
        Box::pin(async move {
            let Some(mut reading) = reading else { return };
            let goodbye = async {
                outbox.flushed().await;
                outbox.close();
                // The server sees its input end, finishes, and ends its output. A panic would be the inlet's.
                let _ = (&mut reading).await;
            };
            if timeout(GOODBYE, goodbye).await.is_err() {
                outbox.close();
                reading.abort();
            }
        })
    }

    fn closed(&self) -> BoxFuture<'static, ()> {
        self.wire.gone()
    }
}

impl Drop for Piped {
    fn drop(&mut self) {
        self.wire.outbox.close();
        if let Some(reading) = self.reading.lock().unwrap_or_else(PoisonError::into_inner).take() {
            reading.abort();
        }
    }
}
