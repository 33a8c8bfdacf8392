use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use ::http::StatusCode;
use tokio::time::timeout;
use toolwright_core::joint::{Incoming, LinkError, Wait};

use crate::client::line::Line;

/// How much later than the end of its own stream an answer may come on another one: they are different connections.
const SKEW: Duration = Duration::from_millis(100);

/// Waits for the answer on the response to the request itself, `own`, and on every other stream of its session: not all servers keep
/// answers where they belong ("Streamable HTTP", "Listening for Messages from the Server"). What comes first ends the exchange.
pub(super) async fn routed(
    line: &Line,
    mut wait: Wait,
    own: impl Future<Output = Result<Incoming, LinkError>>,
) -> Result<Incoming, LinkError> {
    let mut own = pin!(own);
    let outcome = poll_fn(|cx| match own.as_mut().poll(cx) {
        Poll::Ready(outcome) => Poll::Ready(Ok(outcome)),
        // Nobody ends the waiting in a session, so this is an answer.
        Poll::Pending => Pin::new(&mut wait).poll(cx).map(Err),
    })
    .await;
    let outcome = match outcome {
        Ok(outcome) => outcome,
        Err(elsewhere) => return elsewhere.map(answered).ok_or(LinkError::Closed),
    };
    let elsewhere = match &outcome {
        Ok(incoming) if incoming.status == Some(StatusCode::ACCEPTED) && incoming.body.is_none() => {
            tokio::select! {
                biased;
                answer = wait => answer,
                () = line.deaf() => None,
            }
        }
        Err(LinkError::Closed | LinkError::Io(_)) => {
            let skew = if line.listens() { SKEW } else { Duration::ZERO };
            timeout(skew, wait).await.ok().flatten()
        }
        _ => None,
    };
    elsewhere.map_or(outcome, |answer| Ok(answered(answer)))
}

fn answered(answer: bytes::Bytes) -> Incoming {
    Incoming::new(Some(answer))
}
