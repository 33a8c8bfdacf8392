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
use toolwright_signal::Signals;

use crate::{Error, Options, connection::Connection, life, tasks, threads::Threads};

/// What an asynchronous stream has to be shut down.
const GOODBYE: Duration = Duration::from_millis(100);

/// Serves the process's stdin and stdout until the client is done or the process is told to end.
///
/// Returns even if stdin still blocks: the thread that reads it ends with the process. Needs a tokio runtime with time and I/O
/// enabled.
///
/// # Example
/// ```no_run
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
/// use toolwright_server::Server;
/// use toolwright_stdio::{Options, serve};
///
/// serve(Arc::new(Server::builder("demo").build()?), Options::new()).await?;
/// # Ok(())
/// # }
/// ```
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
    let mut signals = signals(&mut options)?;
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
/// # Example
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::Arc;
/// use tokio::io::{AsyncReadExt, AsyncWriteExt};
/// use toolwright_server::Server;
/// use toolwright_stdio::{Options, serve_io};
///
/// let (mut client, socket) = tokio::io::duplex(1024);
/// let (reader, writer) = tokio::io::split(socket);
/// let server = Arc::new(Server::builder("demo").build()?);
/// let serving = tokio::spawn(serve_io(server, reader, writer, Options::new()));
///
/// client.write_all(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}\n").await?;
/// client.shutdown().await?;
/// let mut answer = String::new();
/// client.read_to_string(&mut answer).await?;
/// assert_eq!(answer, "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n");
/// serving.await??;
/// # Ok(())
/// # }
/// ```
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
    let mut signals = signals(&mut options)?;
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

/// What `options` ask for; what they do not say about the system means no.
fn signals(options: &mut Options) -> Result<Signals, Error> {
    Signals::new(options.shutdown.take(), options.signals.unwrap_or(false)).map_err(Error::Setup)
}
