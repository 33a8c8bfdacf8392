use std::sync::Arc;

use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;
use toolwright_store::{Delivery, PubSub, SharedPubSub, StoreError};

use super::{Change, Hub};

/// Where replicas tell each other of changes.
const TOPIC: &str = "toolwright/changes";

#[derive(Serialize, Deserialize)]
struct Notice {
    origin: String,
    change: Change,
}

impl Hub {
    /// Connects to the bus and passes on what other replicas tell, until the task is aborted.
    pub(crate) async fn connect(self: &Arc<Self>, bus: SharedPubSub) -> Result<JoinHandle<()>, StoreError> {
        let mut subscription = bus.subscribe(TOPIC).await?;
        // A second start finds the first bus, which is the same one.
        let _ = self.bus.set(bus);
        let hub = Arc::clone(self);
        Ok(tokio::spawn(async move {
            while let Some(delivery) = subscription.next().await {
                match delivery {
                    Delivery::Message(message) => match serde_json::from_slice::<Notice>(&message) {
                        Ok(notice) if notice.origin != hub.origin => hub.tell(&notice.change),
                        Ok(_) => {}
                        Err(error) => tracing::warn!(%error, "a notice on the bus cannot be read"),
                    },
                    // What was missed is unknown, so every list may have changed.
                    Delivery::Lagged(missed) => {
                        tracing::warn!(missed, "notices on the bus were missed");
                        for change in [Change::Tools, Change::Prompts, Change::Resources] {
                            hub.tell(&change);
                        }
                    }
                }
            }
        }))
    }

    /// Tells this process at once, and the others over the bus.
    pub(super) fn publish(self: &Arc<Self>, change: Change) {
        self.tell(&change);
        let (Some(bus), Ok(runtime)) = (self.bus.get().cloned(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        let notice = Notice { origin: self.origin.clone(), change };
        let message = serde_json::to_vec(&notice).expect("a notice can always be written");
        runtime.spawn(async move {
            if let Err(error) = bus.publish(TOPIC, message.into()).await {
                tracing::warn!(%error, "other replicas could not be told of a change");
            }
        });
    }
}
