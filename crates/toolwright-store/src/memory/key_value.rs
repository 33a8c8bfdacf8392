use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use tokio::time::Instant;

use super::entries::{Entries, Limits};
use crate::{Insertion, KeyValue, StoreError, Swap};

/// A [`KeyValue`] in the memory of this process.
///
/// It is bounded. Values past their time make room whenever anything is read or written; when nothing can, a write fails with
/// [`StoreError::Full`] and leaves everything as it was. There is no background task. Time is tokio's, so it can be paused in
/// tests.
///
/// # Example
/// ```
/// use toolwright_store::{KeyValue, MemoryKeyValue, StoreError};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), StoreError> {
/// let store = MemoryKeyValue::new().max_entries(1);
/// store.put("a", "1".into(), None).await?;
/// assert!(matches!(store.put("b", "2".into(), None).await, Err(StoreError::Full { .. })));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MemoryKeyValue {
    entries: Mutex<Entries>,
    limits: Limits,
}

impl MemoryKeyValue {
    /// An empty store of at most 100,000 entries and 64 MiB.
    pub fn new() -> Self {
        Self { entries: Mutex::default(), limits: Limits { entries: 100_000, bytes: 64 * 1024 * 1024 } }
    }

    /// Changes how many keys it may hold.
    #[must_use]
    pub fn max_entries(mut self, entries: usize) -> Self {
        self.limits.entries = entries;
        self
    }

    /// Changes how many bytes its keys and values may have together.
    #[must_use]
    pub fn max_bytes(mut self, bytes: usize) -> Self {
        self.limits.bytes = bytes;
        self
    }

    fn now(&self) -> (MutexGuard<'_, Entries>, Instant) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        entries.expire(now);
        (entries, now)
    }
}

impl Default for MemoryKeyValue {
    fn default() -> Self {
        Self::new()
    }
}

impl KeyValue for MemoryKeyValue {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, StoreError> {
        Ok(self.now().0.value(key).cloned())
    }

    async fn put(&self, key: &str, value: Bytes, ttl: Option<Duration>) -> Result<(), StoreError> {
        let (mut entries, now) = self.now();
        entries.write(key, &value, ttl, now, self.limits)
    }

    async fn put_if_absent(
        &self,
        key: &str,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> Result<Insertion, StoreError> {
        let (mut entries, now) = self.now();
        if let Some(present) = entries.value(key) {
            return Ok(Insertion::Present(present.clone()));
        }
        entries.write(key, &value, ttl, now, self.limits)?;
        Ok(Insertion::Inserted)
    }

    async fn compare_and_swap(
        &self,
        key: &str,
        expected: Bytes,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> Result<Swap, StoreError> {
        let (mut entries, now) = self.now();
        let current = entries.value(key);
        if current != Some(&expected) {
            return Ok(Swap::Different(current.cloned()));
        }
        entries.write(key, &value, ttl, now, self.limits)?;
        Ok(Swap::Swapped)
    }

    async fn delete(&self, key: &str) -> Result<bool, StoreError> {
        Ok(self.now().0.remove(key))
    }
}
