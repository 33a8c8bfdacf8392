use std::{
    collections::HashMap,
    fmt,
    pin::pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite},
    sync::{oneshot, watch},
    task::JoinHandle,
    time::timeout,
};
use toolwright_core::{
    joint::{Attach, BoxFuture, Connect, ConnectError, Incoming, Limits, Link, LinkError, Outgoing, Outlet},
    jsonrpc::{self, Id, Malformed, Message, decode, encode},
};

use crate::{
    lines::{Line, Lines},
    outbox::Outbox,
    tasks,
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
        let outbox = Arc::new(Outbox::new(&Limits::default()));
        let waiting =
            Arc::new(Waiting { requests: Mutex::new(Some(HashMap::new())), gone: watch::Sender::new(false) });
        tokio::spawn(tasks::write(Arc::clone(&outbox), writer));
        let end = End { outbox: Arc::clone(&outbox), waiting: Arc::clone(&waiting) };
        let reading = tokio::spawn(read(end, reader, Lines::new(self.longest), attach.inlet));
        Ok(Arc::new(Wire { outbox, waiting, reading: Mutex::new(Some(reading)) }))
    }
}

struct Wire {
    outbox: Arc<Outbox>,
    waiting: Arc<Waiting>,
    reading: Mutex<Option<JoinHandle<()>>>,
}

impl Link for Wire {
    fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
        let (outbox, waiting) = (Arc::clone(&self.outbox), Arc::clone(&self.waiting));
        Box::pin(async move {
            let Some(id) = message.id else {
                outbox.send(message.body).await.map_err(|_| LinkError::Closed)?;
                return Ok(Incoming::new(None));
            };
            let wait = waiting.request(id).ok_or(LinkError::Closed)?;
            outbox.send(message.body).await.map_err(|_| LinkError::Closed)?;
            wait.answer().await
        })
    }

    fn announces_cancel(&self) -> bool {
        true
    }

    fn wants_headers(&self) -> bool {
        false
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        let outbox = Arc::clone(&self.outbox);
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
        let mut gone = self.waiting.gone.subscribe();
        Box::pin(async move {
            // A sender that is dropped is just as gone.
            let _ = gone.wait_for(|gone| *gone).await;
        })
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.outbox.close();
        if let Some(reading) = self.reading.lock().unwrap_or_else(PoisonError::into_inner).take() {
            reading.abort();
        }
    }
}

/// Requests on their way, by id. None once no answer can come.
struct Waiting {
    requests: Mutex<Option<HashMap<Id, oneshot::Sender<Bytes>>>>,
    gone: watch::Sender<bool>,
}

impl Waiting {
    fn lock(&self) -> MutexGuard<'_, Option<HashMap<Id, oneshot::Sender<Bytes>>>> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn request(self: Arc<Self>, id: Id) -> Option<Wait> {
        let (answer, answered) = oneshot::channel();
        self.lock().as_mut()?.insert(id.clone(), answer);
        Some(Wait { waiting: self, id, answered })
    }

    fn answer(&self, id: &Id, body: Bytes) {
        let waiter = self.lock().as_mut().and_then(|waiting| waiting.remove(id));
        // Whoever gave up has no use for a late answer ("Cancellation").
        if waiter.is_none_or(|waiter| waiter.send(body).is_err()) {
            tracing::debug!(%id, "an answer that nobody waits for");
        }
    }
}

/// One request on its way. Dropping it gives the request up.
struct Wait {
    waiting: Arc<Waiting>,
    id: Id,
    answered: oneshot::Receiver<Bytes>,
}

impl Wait {
    async fn answer(mut self) -> Result<Incoming, LinkError> {
        (&mut self.answered).await.map(|body| Incoming::new(Some(body))).map_err(|_| LinkError::Closed)
    }
}

impl Drop for Wait {
    fn drop(&mut self) {
        if let Some(waiting) = self.waiting.lock().as_mut() {
            waiting.remove(&self.id);
        }
    }
}

/// Fails everybody who waits when reading ends, however it does.
struct End {
    outbox: Arc<Outbox>,
    waiting: Arc<Waiting>,
}

impl Drop for End {
    fn drop(&mut self) {
        self.outbox.close();
        self.waiting.lock().take();
        self.waiting.gone.send_replace(true);
    }
}

async fn read(end: End, reader: impl AsyncRead, mut lines: Lines, inlet: Arc<dyn Outlet>) {
    let mut reader = pin!(reader);
    loop {
        let count = match reader.read(lines.space()).await {
            Ok(count) => count,
            Err(error) => {
                tracing::debug!(%error, "cannot read from the server");
                0
            }
        };
        lines.filled(count);
        while let Some(line) = if count == 0 { lines.last_line() } else { lines.next_line() } {
            match line {
                Line::Message(line) => accept(&end.waiting, &inlet, line).await,
                Line::TooLong => {
                    tracing::warn!("the server sent a message beyond the limit; ending the connection");
                    return;
                }
            }
        }
        if count == 0 {
            return;
        }
    }
}

async fn accept(waiting: &Waiting, inlet: &Arc<dyn Outlet>, line: Bytes) {
    match decode(&line) {
        jsonrpc::Incoming::Single(Ok(Message::Response { id: Some(id), .. })) => waiting.answer(&id, line),
        jsonrpc::Incoming::Single(Ok(Message::Request { .. } | Message::Notification { .. })) => {
            forward(inlet, line).await;
        }
        // Whoever asked can tell best what is wrong with the answer.
        jsonrpc::Incoming::Single(Err(Malformed { id: Some(id), response: true, .. })) => {
            waiting.answer(&id, line);
        }
        jsonrpc::Incoming::Batch(items) => {
            for item in items {
                accept_item(waiting, inlet, item).await;
            }
        }
        jsonrpc::Incoming::Single(other) => ignore(other),
    }
}

async fn accept_item(waiting: &Waiting, inlet: &Arc<dyn Outlet>, item: Result<Message<'_>, Malformed>) {
    let message = match item {
        Ok(Message::Response { id: Some(id), outcome }) => {
            let body = match outcome {
                Ok(result) => encode::result(&id, result.get().as_bytes()),
                Err(error) => encode::error(Some(&id), encode::AbsentId::Omitted, &error),
            };
            return waiting.answer(&id, body);
        }
        Ok(Message::Request { id, method, params }) => encode::request(&id, &method, &params),
        Ok(Message::Notification { method, params }) => encode::notification(&method, &params),
        other => return ignore(other),
    };
    if let Ok(message) = message {
        forward(inlet, message).await;
    }
}

async fn forward(inlet: &Arc<dyn Outlet>, message: Bytes) {
    if inlet.send(message).await.is_err() {
        tracing::debug!("nobody takes what the server sends on its own");
    }
}

fn ignore(message: Result<Message<'_>, Malformed>) {
    match message {
        Ok(message) => tracing::warn!(?message, "the server reports an error without saying about what"),
        Err(malformed) => tracing::warn!(%malformed, "the server wrote a line that is no message"),
    }
}
