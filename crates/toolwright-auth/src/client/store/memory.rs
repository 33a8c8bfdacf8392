use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{
    super::Secret,
    lock::StoreLock,
    token_store::{TokenStore, TokenStoreError},
};

/// Keeps tokens until the process ends; clones share them.
///
/// # Example
/// ```
/// use toolwright_auth::client::{MemoryStore, TokenStore};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), toolwright_auth::client::TokenStoreError> {
/// let store = MemoryStore::default();
/// store.save("key", "value".into()).await?;
/// assert_eq!(store.clone().load("key").await?, Some("value".into()));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryStore(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    entries: Mutex<HashMap<String, Secret>>,
    locks: Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl MemoryStore {
    fn entries(&self) -> MutexGuard<'_, HashMap<String, Secret>> {
        self.0.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl TokenStore for MemoryStore {
    async fn load(&self, key: &str) -> Result<Option<Secret>, TokenStoreError> {
        Ok(self.entries().get(key).cloned())
    }

    async fn save(&self, key: &str, value: Secret) -> Result<(), TokenStoreError> {
        self.entries().insert(key.to_owned(), value);
        Ok(())
    }

    async fn remove(&self, key: &str) -> Result<(), TokenStoreError> {
        self.entries().remove(key);
        Ok(())
    }

    async fn lock(&self, key: &str) -> Result<StoreLock, TokenStoreError> {
        let lock = {
            let mut locks = self.0.locks.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(locks.entry(key.to_owned()).or_default())
        };
        Ok(StoreLock::new(lock.lock_owned().await))
    }
}
