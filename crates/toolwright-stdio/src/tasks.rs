//! A reader and a writer as tasks, for asynchronous streams.
use std::{
    future::poll_fn,
    io,
    pin::{Pin, pin},
    sync::Arc,
};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};

use crate::{connection::Connection, gather::Gather, lines::Lines, outbox::Outbox};

/// Reads until the end of input or until the connection is to stop.
pub(crate) async fn read(connection: Arc<Connection>, reader: impl AsyncRead) {
    let mut reader = pin!(reader);
    let mut lines = Lines::new(connection.limits.body);
    let result = loop {
        let read = tokio::select! {
            read = reader.read(lines.space()) => read,
            () = connection.stopped() => break Ok(()),
        };
        let at_end = match read {
            Ok(count) => {
                lines.filled(count);
                count == 0
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => break Err(error),
        };
        if !connection.begin() {
            break Ok(());
        }
        let taken = connection.take(&mut lines, at_end).await;
        connection.outbox.hand_over();
        connection.rest();
        if at_end || taken.is_err() {
            break Ok(());
        }
    };
    connection.end_input(result);
}

/// Writes what is queued until the outbox closes or the peer is gone; then ends the stream.
pub(crate) async fn write(outbox: Arc<Outbox>, writer: impl AsyncWrite) {
    let mut writer = pin!(writer);
    let mut gather = Gather::default();
    while poll_fn(|context| outbox.poll_batch(context, &mut gather.messages)).await {
        if let Err(error) = write_all(writer.as_mut(), &mut gather).await {
            tracing::debug!(%error, "the client no longer reads");
            outbox.close();
        }
        outbox.written();
    }
    // The other side may be gone, then there is nothing to end.
    let _ = writer.shutdown().await;
}

async fn write_all(mut writer: Pin<&mut impl AsyncWrite>, gather: &mut Gather) -> io::Result<()> {
    while let Some(piece) = gather.piece() {
        writer.write_all(piece).await?;
    }
    writer.flush().await
}
