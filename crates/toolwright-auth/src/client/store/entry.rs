use serde::{Serialize, de::DeserializeOwned};

use super::{super::Secret, SharedTokenStore, StoreLock, TokenStoreError};

/// What is kept in a store, by what it is and whose it is.
#[derive(Clone, Debug)]
pub(in super::super) struct Entries(SharedTokenStore);

impl Entries {
    pub(in super::super) fn new(store: SharedTokenStore) -> Self {
        Self(store)
    }

    /// The entry of `kind` of `owner`. One that cannot be read is none: another version of the program may have written it.
    pub(in super::super) async fn load<T: DeserializeOwned>(
        &self,
        kind: &str,
        owner: &str,
    ) -> Result<Option<T>, TokenStoreError> {
        let Some(text) = self.0.load(&key(kind, owner)).await? else { return Ok(None) };
        Ok(serde_json::from_str(text.expose()).ok())
    }

    pub(in super::super) async fn save<T: Serialize>(
        &self,
        kind: &str,
        owner: &str,
        value: &T,
    ) -> Result<(), TokenStoreError> {
        let text = serde_json::to_string(value).expect("what is kept can be written as JSON");
        self.0.save(&key(kind, owner), Secret::from(text)).await
    }

    pub(in super::super) async fn remove(&self, kind: &str, owner: &str) -> Result<(), TokenStoreError> {
        self.0.remove(&key(kind, owner)).await
    }

    pub(in super::super) async fn lock(&self, kind: &str, owner: &str) -> Result<StoreLock, TokenStoreError> {
        self.0.lock(&key(kind, owner)).await
    }
}

fn key(kind: &str, owner: &str) -> String {
    format!("{kind} {owner}")
}
