use std::{io, pin::pin, sync::Arc, time::Duration};

use tokio::time::{sleep, timeout};
use toolwright_core::joint::Endpoint;
use toolwright_signal::Signals;

use crate::{Error, connection::Connection};

/// What the last answers have to be written, if calls used up the time to drain.
const LAST_WRITE: Duration = Duration::from_secs(1);

/// Starts the endpoint. `false` if the process was asked to end meanwhile.
pub(crate) async fn start(endpoint: &Arc<dyn Endpoint>, signals: &mut Signals) -> Result<bool, Error> {
    tokio::select! {
        started = endpoint.start() => started.map(|()| true).map_err(Error::Start),
        () = signals.next() => {
            endpoint.stop().await;
            Ok(false)
        }
    }
}

/// Waits for the end of a connection and sees to its good order. The reader and the writer are at work already.
pub(crate) async fn conduct(
    connection: &Connection,
    mut signals: Signals,
    given_up: Option<Box<dyn FnOnce(usize) + Send>>,
) -> Result<(), Error> {
    let outbox = &connection.outbox;
    let mut left_alone = LeftAlone(Some(connection));
    let mut asked = false;
    let input = tokio::select! {
        input = connection.input_ended() => input,
        () = outbox.closed() => Ok(()),
        () = signals.next() => {
            asked = true;
            Ok(())
        }
    };
    connection.stop_reading();
    connection.session.end_of_input();
    connection.endpoint.drain();
    let mut again = pin!(asked_again(&mut signals, asked));
    let interrupted = tokio::select! {
        biased;
        () = drained(connection) => false,
        () = outbox.closed() => false,
        () = sleep(connection.limits.drain) => false,
        () = &mut again => true,
    };
    let left = connection.abort();
    if left > 0 {
        tracing::warn!(calls = left, "gave up calls that were still running at the end");
        given_up.into_iter().for_each(|hook| hook(left));
    }
    connection.session.close();
    left_alone.0 = None;
    if !interrupted && timeout(LAST_WRITE, outbox.flushed()).await.is_err() {
        tracing::warn!("gave up answers that the client did not read");
    }
    outbox.close();
    if interrupted {
        return Err(Error::Interrupted);
    }
    tokio::select! {
        biased;
        () = connection.endpoint.stop() => {}
        () = &mut again => return Err(Error::Interrupted),
    }
    input.or_else(ended).map_err(Error::Read)
}

/// Ends everything if whoever serves loses interest before the connection ends.
struct LeftAlone<'a>(Option<&'a Connection>);

impl Drop for LeftAlone<'_> {
    fn drop(&mut self) {
        if let Some(connection) = self.0 {
            connection.stop_reading();
            connection.abort();
            connection.session.close();
            connection.outbox.close();
        }
    }
}

/// A client that ends the input and then sends a signal, as hosts do, has asked once.
async fn asked_again(signals: &mut Signals, asked: bool) {
    if !asked {
        signals.next().await;
    }
    signals.next().await;
}

async fn drained(connection: &Connection) {
    connection.idle().await;
    connection.outbox.flushed().await;
}

/// A peer that hangs up has ended its input, however that is reported.
fn ended(error: io::Error) -> io::Result<()> {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, NotConnected, UnexpectedEof};
    match error.kind() {
        BrokenPipe | ConnectionAborted | ConnectionReset | NotConnected | UnexpectedEof => Ok(()),
        _ => Err(error),
    }
}
