use std::sync::Arc;

use tokio::task::JoinHandle;
use toolwright_store::{Delivery, PubSub as _, SharedPubSub, StoreError};

use super::Pending;
use crate::engine::Engine;

/// Where replicas tell each other which link something came of.
const TOPIC: &str = "toolwright/links";

impl Pending {
    /// Listens for links that ended at other replicas, until the task is aborted.
    pub(crate) async fn connect(self: &Arc<Self>, bus: &SharedPubSub) -> Result<JoinHandle<()>, StoreError> {
        let mut subscription = bus.subscribe(TOPIC).await?;
        let pending = Arc::clone(self);
        Ok(tokio::spawn(async move {
            while let Some(delivery) = subscription.next().await {
                match delivery {
                    // Those of this replica come back, and wake nobody who was not woken.
                    Delivery::Message(id) => pending.end(&String::from_utf8_lossy(&id)),
                    Delivery::Lagged(missed) => {
                        tracing::warn!(missed, "ends of links on the bus were missed");
                        pending.wake();
                    }
                }
            }
        }))
    }
}

/// Tells all replicas that something came of a link.
pub(super) async fn tell(engine: &Engine, id: &str) {
    engine.links.end(id);
    if let Some(bus) = &engine.bus
        && let Err(error) = bus.publish(TOPIC, id.to_owned().into()).await
    {
        tracing::warn!(%error, "other replicas could not be told of the end of a link");
    }
}
