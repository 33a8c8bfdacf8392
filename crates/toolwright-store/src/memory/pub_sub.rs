use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
};

use bytes::Bytes;
use tokio::sync::broadcast::{self, error::RecvError};

use crate::{Delivery, Feed, PubSub, StoreError, Subscription};

/// A [`PubSub`] within this process.
///
/// A topic exists while somebody listens to it, and keeps its last messages for those who are behind; who falls further behind gets
/// [`Delivery::Lagged`].
#[derive(Debug)]
pub struct MemoryPubSub {
    topics: Arc<Topics>,
    capacity: usize,
}

#[derive(Debug, Default)]
struct Topics(Mutex<HashMap<Arc<str>, broadcast::Sender<Bytes>>>);

impl Topics {
    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, broadcast::Sender<Bytes>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl MemoryPubSub {
    /// A store whose topics keep 64 messages.
    pub fn new() -> Self {
        Self { topics: Arc::default(), capacity: 64 }
    }

    /// Changes how many messages a topic keeps for subscribers that are behind; rounded up to a power of two, and 65,536 at most.
    #[must_use]
    pub fn capacity(mut self, messages: usize) -> Self {
        self.capacity = messages.clamp(1, 65_536);
        self
    }

    /// How many topics somebody listens to.
    pub fn topics(&self) -> usize {
        self.topics.lock().len()
    }
}

impl Default for MemoryPubSub {
    fn default() -> Self {
        Self::new()
    }
}

impl PubSub for MemoryPubSub {
    async fn publish(&self, topic: &str, message: Bytes) -> Result<(), StoreError> {
        if let Some(sender) = self.topics.lock().get(topic) {
            // It fails only if the last listener is leaving at this moment, who misses nothing.
            let _ = sender.send(message);
        }
        Ok(())
    }

    async fn subscribe(&self, topic: &str) -> Result<Subscription, StoreError> {
        let mut topics = self.topics.lock();
        let (topic, receiver) = if let Some((topic, sender)) = topics.get_key_value(topic) {
            (Arc::clone(topic), sender.subscribe())
        } else {
            let topic: Arc<str> = topic.into();
            let (sender, receiver) = broadcast::channel(self.capacity);
            topics.insert(Arc::clone(&topic), sender);
            (topic, receiver)
        };
        Ok(Subscription::new(Listener {
            topics: Arc::downgrade(&self.topics),
            topic,
            receiver: Some(receiver),
        }))
    }
}

struct Listener {
    /// Weak, so that a subscription ends when its store is gone.
    topics: Weak<Topics>,
    topic: Arc<str>,
    /// `None` only while it is dropped.
    receiver: Option<broadcast::Receiver<Bytes>>,
}

impl Feed for Listener {
    async fn next(&mut self) -> Option<Delivery> {
        match self.receiver.as_mut()?.recv().await {
            Ok(message) => Some(Delivery::Message(message)),
            Err(RecvError::Lagged(missed)) => Some(Delivery::Lagged(missed)),
            Err(RecvError::Closed) => None,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        if let Some(topics) = self.topics.upgrade() {
            let mut topics = topics.lock();
            // Under the lock, so that of two last listeners one sees that nobody is left.
            self.receiver = None;
            if topics.get(&self.topic).is_some_and(|sender| sender.receiver_count() == 0) {
                topics.remove(&self.topic);
            }
        }
    }
}
