use std::{fmt, future::Future, pin::Pin, sync::Arc};

use bytes::Bytes;

use crate::StoreError;

/// Messages from whoever publishes to whoever listens just now.
///
/// Nothing is kept: a subscription gets what is published after it was made, one publisher's messages in their order. A subscriber
/// that is slow misses messages and is told so; it never makes a publisher wait, nor memory grow. Write the methods as `async fn`.
///
/// # Example
/// ```
/// use toolwright_store::{Delivery, MemoryPubSub, PubSub};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), toolwright_store::StoreError> {
/// let bus = MemoryPubSub::new();
/// let mut changes = bus.subscribe("tools").await?;
/// bus.publish("tools", "changed".into()).await?;
/// assert_eq!(changes.next().await, Some(Delivery::Message("changed".into())));
/// # Ok(())
/// # }
/// ```
pub trait PubSub: Send + Sync + 'static {
    /// Hands a message to all subscriptions of a topic, without waiting for them.
    fn publish(&self, topic: &str, message: Bytes) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Listens to a topic, from the moment this returns until the subscription is dropped.
    fn subscribe(&self, topic: &str) -> impl Future<Output = Result<Subscription, StoreError>> + Send;
}

/// What a subscription gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// A message.
    Message(Bytes),
    /// So many messages were missed here, because the subscriber was slow or the connection broke; 0 if nobody knows how many.
    Lagged(u64),
}

/// Where the deliveries of a [`Subscription`] come from. Write the method as `async fn`.
pub trait Feed: Send + 'static {
    /// The next delivery, or nothing when there will be no more.
    ///
    /// A future that is dropped before it is ready must not lose a delivery.
    fn next(&mut self) -> impl Future<Output = Option<Delivery>> + Send;
}

/// The receiving end of a topic. Dropping it ends the subscription.
pub struct Subscription(Box<dyn DynFeed>);

impl Subscription {
    /// Makes a subscription out of what a store has to deliver.
    pub fn new(feed: impl Feed) -> Self {
        Self(Box::new(feed))
    }

    /// Waits for the next delivery; nothing when the topic's store is gone.
    ///
    /// Dropping the future loses nothing, so it can stand in a `select!`.
    pub async fn next(&mut self) -> Option<Delivery> {
        self.0.next().await
    }
}

impl fmt::Debug for Subscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Subscription").finish_non_exhaustive()
    }
}

/// Any [`PubSub`], behind a handle that is cheap to clone.
#[derive(Clone)]
pub struct SharedPubSub(Arc<dyn DynPubSub>);

impl SharedPubSub {
    /// Puts a store behind a handle.
    pub fn new(store: impl PubSub) -> Self {
        Self(Arc::new(store))
    }
}

impl fmt::Debug for SharedPubSub {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedPubSub").finish_non_exhaustive()
    }
}

impl PubSub for SharedPubSub {
    async fn publish(&self, topic: &str, message: Bytes) -> Result<(), StoreError> {
        self.0.publish(topic, message).await
    }

    async fn subscribe(&self, topic: &str) -> Result<Subscription, StoreError> {
        self.0.subscribe(topic).await
    }
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

trait DynPubSub: Send + Sync {
    fn publish<'a>(&'a self, topic: &'a str, message: Bytes) -> BoxFuture<'a, Result<(), StoreError>>;
    fn subscribe<'a>(&'a self, topic: &'a str) -> BoxFuture<'a, Result<Subscription, StoreError>>;
}

impl<S: PubSub> DynPubSub for S {
    fn publish<'a>(&'a self, topic: &'a str, message: Bytes) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(PubSub::publish(self, topic, message))
    }

    fn subscribe<'a>(&'a self, topic: &'a str) -> BoxFuture<'a, Result<Subscription, StoreError>> {
        Box::pin(PubSub::subscribe(self, topic))
    }
}

trait DynFeed: Send {
    fn next(&mut self) -> BoxFuture<'_, Option<Delivery>>;
}

impl<F: Feed> DynFeed for F {
    fn next(&mut self) -> BoxFuture<'_, Option<Delivery>> {
        Box::pin(Feed::next(self))
    }
}
