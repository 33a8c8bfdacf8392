use std::{
    io::{self, Read, Write},
    sync::Arc,
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::timeout,
};
use toolwright_core::joint::Endpoint;

use crate::{Error, Options, connection::Connection, life, signals::Signals, tasks, threads::Threads};

/// What an asynchronous stream has to be shut down.
const GOODBYE: Duration = Duration::from_millis(100);

/// Serves the process's stdin and stdout until the client is done or the process is told to end.
///
/// Returns even if stdin still blocks: the thread that reads it ends with the process. Needs a tokio runtime with time and I/O
/// enabled.
///
/// # Errors
/// When the endpoint does not start, reading fails, or a second signal cuts short the drain that the first began.
pub async fn serve(endpoint: Arc<dyn Endpoint>, mut options: Options) -> Result<(), Error> {
    options.signals.get_or_insert(true);
    serve_blocking(endpoint, io::stdin(), io::stdout(), options).await
}

/// Serves a blocking pair of streams, each on a thread of its own.
///
/// The writer is dropped at the end, the reader once its last read returns.
///
/// # Errors
/// As [`serve`]; signals are heeded if `options` say so.
pub async fn serve_blocking<R, W>(
    endpoint: Arc<dyn Endpoint>,
    reader: R,
    writer: W,
    mut options: Options,
) -> Result<(), Error>
where
    R: Read + Send + 'static,
    W: Write + Send + 'static,
{
    let mut signals = Signals::new(&mut options).map_err(Error::Setup)?;
    if !life::start(&endpoint, &mut signals).await? {
        return Ok(());
    }
    let connection = Connection::open(endpoint);
    Threads::spawn(&connection, reader, writer).map_err(Error::Setup)?;
    life::conduct(&connection, signals, options.given_up).await
}

/// Serves an asynchronous pair of streams, for example the halves of a socket. The framing is that of stdio ("Custom
/// transports" of the specification).
///
/// The writer is shut down at the end.
///
/// # Errors
/// As [`serve`]; signals are heeded if `options` say so.
pub async fn serve_io<R, W>(
    endpoint: Arc<dyn Endpoint>,
    reader: R,
    writer: W,
    mut options: Options,
) -> Result<(), Error>
where
    R: AsyncRead + Send + 'static,
    W: AsyncWrite + Send + 'static,
{
    let mut signals = Signals::new(&mut options).map_err(Error::Setup)?;
    if !life::start(&endpoint, &mut signals).await? {
        return Ok(());
    }
    let connection = Connection::open(endpoint);
    tokio::spawn(tasks::read(Arc::clone(&connection), reader));
    let mut writing = tokio::spawn(tasks::write(Arc::clone(&connection.outbox), writer));
    let result = life::conduct(&connection, signals, options.given_up).await;
    // A peer that does not read can keep the last write from returning.
    if timeout(GOODBYE, &mut writing).await.is_err() {
        writing.abort();
    }
    result
}
