use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use toolwright_store::{Insertion, KeyValue, MemoryKeyValue, StoreError, Swap};

use crate::write_once::effects::{Counted, Effects};

/// The journal store of a fleet. Each operation is a point where a fault can strike, as with a store that is somewhere else.
#[derive(Clone, Debug)]
pub(super) struct Journals {
    store: Arc<MemoryKeyValue>,
    effects: Effects,
    known: Arc<Mutex<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    /// Who put something where nothing was, which is how rounds are claimed.
    claims: HashMap<String, Bytes>,
    /// Steps that were looked for and not found, so that they are taken, with what had happened until then.
    steps: HashMap<String, Counted>,
}

impl Journals {
    pub(super) fn new(effects: Effects) -> Self {
        Self { store: Arc::new(MemoryKeyValue::new()), effects, known: Arc::default() }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What would happen in fifteen seconds: claims that nobody renews are gone. Nobody may be alive that renews one.
    ///
    /// Returned is what happened in steps that were not over, which nobody can know by now.
    pub(super) async fn bury(&self) -> Result<Counted, StoreError> {
        let (claims, steps) = {
            let mut known = self.known();
            (std::mem::take(&mut known.claims), std::mem::take(&mut known.steps))
        };
        for (key, claim) in claims {
            if self.store.get(&key).await? == Some(claim) {
                self.store.delete(&key).await?;
            }
        }
        let now = self.effects.taken().once;
        let before = |name: &String| {
            let counts = steps.values().map(|counted| counted.get(name).copied().unwrap_or_default());
            counts.min()
        };
        let since = now.iter().filter_map(|(name, now)| Some((name.clone(), now - before(name)?)));
        Ok(since.filter(|(_, times)| *times > 0).collect())
    }
}

/// Leaves the thread to others: whoever is polled again at once, as calls are now and then, finds that it still waits.
async fn elsewhere() {
    // A runtime that dies takes whoever waits with it.
    let _ = tokio::spawn(async {}).await;
}

impl KeyValue for Journals {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, StoreError> {
        elsewhere().await;
        let found = self.store.get(key).await?;
        if found.is_none() {
            let so_far = self.effects.taken().once;
            self.known().steps.insert(key.to_owned(), so_far);
        }
        Ok(found)
    }

    async fn put(&self, key: &str, value: Bytes, ttl: Option<Duration>) -> Result<(), StoreError> {
        elsewhere().await;
        self.store.put(key, value, ttl).await?;
        self.known().steps.remove(key);
        Ok(())
    }

    async fn put_if_absent(
        &self,
        key: &str,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> Result<Insertion, StoreError> {
        elsewhere().await;
        let insertion = self.store.put_if_absent(key, value.clone(), ttl).await?;
        if insertion == Insertion::Inserted {
            self.known().claims.insert(key.to_owned(), value);
        }
        Ok(insertion)
    }

    async fn compare_and_swap(
        &self,
        key: &str,
        expected: Bytes,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> Result<Swap, StoreError> {
        elsewhere().await;
        self.store.compare_and_swap(key, expected, value, ttl).await
    }

    async fn delete(&self, key: &str) -> Result<bool, StoreError> {
        elsewhere().await;
        self.store.delete(key).await
    }
}
