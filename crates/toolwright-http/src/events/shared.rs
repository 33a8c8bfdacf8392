use std::{fmt, sync::Arc};

use bytes::Bytes;
use toolwright_core::joint::BoxFuture;
use toolwright_store::StoreError;

use super::EventStore;

/// Any [`EventStore`], behind a handle that is cheap to clone.
#[derive(Clone)]
pub struct SharedEventStore(Arc<dyn Events>);

impl SharedEventStore {
    /// Puts a store behind a handle.
    pub fn new(store: impl EventStore) -> Self {
        Self(Arc::new(store))
    }
}

impl fmt::Debug for SharedEventStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedEventStore").finish_non_exhaustive()
    }
}

impl EventStore for SharedEventStore {
    async fn append(
        &self,
        session: &str,
        stream: u64,
        sequence: u64,
        event: Bytes,
    ) -> Result<(), StoreError> {
        self.0.append_boxed(session, stream, sequence, event).await
    }

    async fn after(
        &self,
        session: &str,
        stream: u64,
        sequence: u64,
    ) -> Result<Vec<(u64, Bytes)>, StoreError> {
        self.0.after_boxed(session, stream, sequence).await
    }

    async fn forget(&self, session: &str, stream: u64) -> Result<(), StoreError> {
        self.0.forget_boxed(session, stream).await
    }

    async fn forget_session(&self, session: &str) -> Result<(), StoreError> {
        self.0.forget_session_boxed(session).await
    }
}

type Outcome<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// [`EventStore`] with boxed futures, since a trait with `impl Future` cannot be a trait object.
trait Events: Send + Sync {
    fn append_boxed<'a>(
        &'a self,
        session: &'a str,
        stream: u64,
        sequence: u64,
        event: Bytes,
    ) -> Outcome<'a, ()>;
    fn after_boxed<'a>(
        &'a self,
        session: &'a str,
        stream: u64,
        sequence: u64,
    ) -> Outcome<'a, Vec<(u64, Bytes)>>;
    fn forget_boxed<'a>(&'a self, session: &'a str, stream: u64) -> Outcome<'a, ()>;
    fn forget_session_boxed<'a>(&'a self, session: &'a str) -> Outcome<'a, ()>;
}

impl<S: EventStore> Events for S {
    fn append_boxed<'a>(
        &'a self,
        session: &'a str,
        stream: u64,
        sequence: u64,
        event: Bytes,
    ) -> Outcome<'a, ()> {
        Box::pin(self.append(session, stream, sequence, event))
    }

    fn after_boxed<'a>(
        &'a self,
        session: &'a str,
        stream: u64,
        sequence: u64,
    ) -> Outcome<'a, Vec<(u64, Bytes)>> {
        Box::pin(self.after(session, stream, sequence))
    }

    fn forget_boxed<'a>(&'a self, session: &'a str, stream: u64) -> Outcome<'a, ()> {
        Box::pin(self.forget(session, stream))
    }

    fn forget_session_boxed<'a>(&'a self, session: &'a str) -> Outcome<'a, ()> {
        Box::pin(self.forget_session(session))
    }
}
