use std::{future::Future, sync::Arc};

use bytes::Bytes;
use toolwright_store::StoreError;

/// Where the messages of resumable streams are kept until nobody can ask for them again (2025-11-25, "Resumability and
/// Redelivery").
///
/// A stream belongs to a session and has a number; its events are numbered, too, upwards from 1. Keys are never used twice: a
/// session's name is random, and its streams are counted. Implementations bound what they keep, and may lose events: a client
/// that comes back too late then misses some, as it would without a store.
///
/// # Example
/// ```
/// use toolwright_http::{EventStore, MemoryEventStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), toolwright_store::StoreError> {
/// let store = MemoryEventStore::new();
/// store.append("session", 3, 1, "first".into()).await?;
/// store.append("session", 3, 2, "second".into()).await?;
/// assert_eq!(store.after("session", 3, 1).await?, [(2, "second".into())]);
///
/// store.forget_session("session").await?;
/// assert!(store.after("session", 3, 0).await?.is_empty());
/// # Ok(())
/// # }
/// ```
pub trait EventStore: Send + Sync + 'static {
    /// Keeps one event. The same one may be appended again, which changes nothing.
    ///
    /// # Errors
    /// When it cannot be kept. The client gets it nevertheless, but not a second time.
    fn append(
        &self,
        session: &str,
        stream: u64,
        sequence: u64,
        event: Bytes,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// The kept events of one stream that follow `sequence`, in order. Those of other streams are never among them.
    ///
    /// # Errors
    /// When they cannot be read.
    fn after(
        &self,
        session: &str,
        stream: u64,
        sequence: u64,
    ) -> impl Future<Output = Result<Vec<(u64, Bytes)>, StoreError>> + Send;

    /// Forgets one stream.
    ///
    /// # Errors
    /// When it cannot be reached.
    fn forget(&self, session: &str, stream: u64) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Forgets all streams of a session.
    ///
    /// # Errors
    /// When they cannot be reached.
    fn forget_session(&self, session: &str) -> impl Future<Output = Result<(), StoreError>> + Send;
}

impl<S: EventStore> EventStore for Arc<S> {
    async fn append(
        &self,
        session: &str,
        stream: u64,
        sequence: u64,
        event: Bytes,
    ) -> Result<(), StoreError> {
        (**self).append(session, stream, sequence, event).await
    }

    async fn after(
        &self,
        session: &str,
        stream: u64,
        sequence: u64,
    ) -> Result<Vec<(u64, Bytes)>, StoreError> {
        (**self).after(session, stream, sequence).await
    }

    async fn forget(&self, session: &str, stream: u64) -> Result<(), StoreError> {
        (**self).forget(session, stream).await
    }

    async fn forget_session(&self, session: &str) -> Result<(), StoreError> {
        (**self).forget_session(session).await
    }
}
