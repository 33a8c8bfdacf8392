use std::sync::Arc;

use tokio::{task::AbortHandle, time::timeout};
use toolwright_core::joint::{Incoming, LinkError, Outgoing, Outlet, Waiting};

use crate::client::{
    exchange::{Events, forward, refusal, route},
    line::Line,
    target::Place,
};

/// A stream to read from, and the place to write to that it named.
pub(crate) struct Pair {
    messages: Place,
    waiting: Arc<Waiting<Broken>>,
    reading: AbortHandle,
}

impl Pair {
    /// Opens the stream; none if the server has no such thing.
    pub(crate) async fn open(line: &Line) -> Result<Option<Self>, LinkError> {
        let limit = line.sender.settings.connect_timeout;
        let Ok(opened) = timeout(limit, Self::opened(line)).await else {
            tracing::debug!("the stream of the server names no endpoint for messages");
            return Ok(None);
        };
        let Some((messages, events)) = opened? else { return Ok(None) };
        let waiting = Arc::<Waiting<Broken>>::default();
        let end = End(Arc::clone(&waiting));
        let reading = tokio::spawn(read(end, events, Arc::clone(&line.inlet))).abort_handle();
        Ok(Some(Self { messages, waiting, reading }))
    }

    async fn opened(line: &Line) -> Result<Option<(Place, Events)>, LinkError> {
        let response = line.get(None, None).await?;
        if !response.is_stream() {
            return Ok(None);
        }
        let mut events = Events::new(response.reply, line.sender.settings.longest);
        while let Some(event) = events.next().await? {
            if event.event.as_deref() != Some("endpoint") {
                continue;
            }
            let reference = String::from_utf8_lossy(&event.data);
            let messages = line.sender.target.join(&reference).map_err(|reason| {
                LinkError::Malformed(
                    format!("the endpoint `{}` is not acceptable: {reason}", reference.escape_debug()).into(),
                )
            })?;
            return Ok(Some((messages, events)));
        }
        Ok(None)
    }

    pub(crate) async fn exchange(&self, line: &Line, message: Outgoing) -> Result<Incoming, LinkError> {
        // The answer may come before the POST is accepted.
        let wait = match message.id {
            Some(id) => Some(self.waiting.expect(id).ok_or_else(|| self.broken())?),
            None => None,
        };
        let mut response = line.sender.post(&self.messages, message.headers, message.body).await?;
        let status = response.status;
        if !status.is_success() {
            return Ok(refusal(response).await);
        }
        response.reply.finish().await;
        drop(response);
        let Some(wait) = wait else { return Ok(Incoming::new(None).status(status)) };
        let answer = wait.await.ok_or_else(|| self.broken())?;
        Ok(Incoming::new(Some(answer)))
    }

    /// Why no answer comes.
    fn broken(&self) -> LinkError {
        match self.waiting.why() {
            Some(Broken::TooLarge { limit }) => LinkError::TooLarge { limit },
            Some(Broken::Ended) | None => LinkError::Closed,
        }
    }

    /// Resolves once the stream is gone.
    pub(crate) async fn gone(&self) {
        self.waiting.ended().await;
    }

    pub(crate) fn stop(&self) {
        self.reading.abort();
    }
}

/// Why nothing more can come by the stream.
#[derive(Clone, Copy)]
enum Broken {
    Ended,
    TooLarge { limit: usize },
}

/// Fails everybody who waits when reading ends, however it does.
struct End(Arc<Waiting<Broken>>);

impl Drop for End {
    fn drop(&mut self) {
        self.0.end(Broken::Ended);
    }
}

async fn read(end: End, mut events: Events, inlet: Arc<dyn Outlet>) {
    loop {
        match events.next().await {
            Ok(Some(event)) if event.is_message() && !event.data.is_empty() => {
                if let Some(message) = route(&end.0, event.data) {
                    forward(&*inlet, message).await;
                }
            }
            Ok(Some(_)) => {}
            Ok(None) => return,
            Err(error) => {
                tracing::debug!(%error, "the stream of the server broke");
                if let LinkError::TooLarge { limit } = error {
                    end.0.end(Broken::TooLarge { limit });
                }
                return;
            }
        }
    }
}
