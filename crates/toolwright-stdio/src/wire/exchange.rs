use std::{sync::Arc, time::Duration};

use tokio::time::timeout;
use toolwright_core::joint::{BoxFuture, Incoming, Limits, LinkError, Outgoing, Outlet as _};

use super::waiting::Waiting;
use crate::outbox::Outbox;

/// What a link of either kind consists of.
#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) outbox: Arc<Outbox>,
    pub(crate) waiting: Arc<Waiting>,
    /// How long it can take until it is known why nothing can be written any more.
    patience: Duration,
}

impl Wire {
    pub(crate) fn new(patience: Duration) -> Self {
        Self {
            outbox: Arc::new(Outbox::new(&Limits::default())),
            waiting: Arc::new(Waiting::default()),
            patience,
        }
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
            let wait = wire.waiting.request(id)?;
            if wire.outbox.send(message.body).await.is_err() {
                return Err(wire.unwritten().await);
            }
            wait.answer().await
        })
    }

    /// Writing fails before it is known why; a reader or whoever watches the other side learns it soon.
    async fn unwritten(&self) -> LinkError {
        // Without a reason in time the general one does.
        let _ = timeout(self.patience, self.waiting.gone()).await;
        self.waiting.why()
    }
}
