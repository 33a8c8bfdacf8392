use std::{sync::Arc, time::Duration};

use tokio::time::timeout;
use toolwright_core::joint::{BoxFuture, Incoming, Limits, LinkError, Outgoing, Outlet as _, Waiting};

use super::Ended;
use crate::outbox::Outbox;

/// What a link of either kind consists of.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) waiting: Arc<Waiting<Ended>>,
    /// How long it can take until it is known why nothing can be written any more.
    patience: Duration,
}

impl Wire {
    pub(crate) fn new(patience: Duration) -> Self {
        Self { outbox: Arc::new(Outbox::new(&Limits::default())), waiting: Arc::default(), patience }
    }

    pub(crate) fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
        let wire = self.clone();
        Box::pin(async move {
            let Some(id) = message.id else {
                return match wire.outbox.send(message.body).await {
                    Ok(()) => Ok(Incoming::new(None)),
                    Err(_) => Err(wire.unwritten().await),
                };
            };
            let wait = wire.waiting.expect(id).ok_or_else(|| wire.why())?;
            if wire.outbox.send(message.body).await.is_err() {
                return Err(wire.unwritten().await);
            }
            let answer = wait.await.ok_or_else(|| wire.why())?;
            Ok(Incoming::new(Some(answer)))
        })
    }

    /// Writing fails before it is known why; a reader or whoever watches the other side learns it soon.
    async fn unwritten(&self) -> LinkError {
        // Without a reason in time the general one does.
        let _ = timeout(self.patience, self.waiting.ended()).await;
        self.why()
    }

    /// Why no answer comes.
    fn why(&self) -> LinkError {
        self.waiting.why().unwrap_or(Ended::Closed).error()
    }

    /// Resolves when no further answer can come.
    pub(crate) fn gone(&self) -> BoxFuture<'static, ()> {
        Box::pin(self.waiting.ended())
    }
}
