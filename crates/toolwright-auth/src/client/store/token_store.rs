use std::{error::Error, fmt, future::Future, sync::Arc};

use toolwright_core::joint::BoxFuture;

use super::{super::Secret, lock::StoreLock};

/// Keeps what is worth keeping from one run of a program to the next: tokens, and what authorization servers registered.
///
/// Entries are short texts under keys that name a server or an authorization server. Both may be longer than a file name, and the
/// texts are secrets. The keychain of a system fits behind this.
///
/// # Example
/// ```
/// use std::{collections::HashMap, sync::Mutex};
/// use toolwright_auth::client::{Secret, TokenStore, TokenStoreError};
///
/// #[derive(Default)]
/// struct Kept(Mutex<HashMap<String, Secret>>);
///
/// impl TokenStore for Kept {
///     async fn load(&self, key: &str) -> Result<Option<Secret>, TokenStoreError> {
///         Ok(self.0.lock().unwrap().get(key).cloned())
///     }
///     async fn save(&self, key: &str, value: Secret) -> Result<(), TokenStoreError> {
///         self.0.lock().unwrap().insert(key.to_owned(), value);
///         Ok(())
///     }
///     async fn remove(&self, key: &str) -> Result<(), TokenStoreError> {
///         self.0.lock().unwrap().remove(key);
///         Ok(())
///     }
/// }
/// ```
pub trait TokenStore: Send + Sync + 'static {
    /// The entry under `key`.
    ///
    /// # Errors
    /// When the store cannot be read. An entry that is not there is `None`.
    fn load(&self, key: &str) -> impl Future<Output = Result<Option<Secret>, TokenStoreError>> + Send;

    /// Keeps `value` under `key`, in place of what was there.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn save(&self, key: &str, value: Secret) -> impl Future<Output = Result<(), TokenStoreError>> + Send;

    /// Forgets the entry under `key`, if there is one.
    ///
    /// # Errors
    /// When the store cannot be written.
    fn remove(&self, key: &str) -> impl Future<Output = Result<(), TokenStoreError>> + Send;

    /// Keeps everybody else who shares the store from renewing the tokens under `key`, until the lock is dropped. Waits for whoever
    /// has it. Refresh tokens are often good once, and two processes that use the same one at the same time may lose the whole
    /// authorization. The default keeps nobody from anything: it is for stores that are not shared.
    ///
    /// # Errors
    /// When nothing can be locked.
    fn lock(&self, key: &str) -> impl Future<Output = Result<StoreLock, TokenStoreError>> + Send {
        let _ = key;
        async { Ok(StoreLock::new(())) }
    }
}

/// A [`TokenStore`] failed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the store for tokens failed: {text}")]
pub struct TokenStoreError {
    text: String,
    #[source]
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl TokenStoreError {
    /// What went wrong, in words that hold no secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), source: None }
    }

    /// What caused it.
    #[must_use]
    pub fn caused_by(mut self, source: impl Error + Send + Sync + 'static) -> Self {
        self.source = Some(Arc::new(source));
        self
    }
}

/// Any [`TokenStore`], shared.
#[derive(Clone)]
pub(in super::super) struct SharedTokenStore(Arc<dyn StoreBoxed>);

impl SharedTokenStore {
    pub(in super::super) fn new(store: impl TokenStore) -> Self {
        Self(Arc::new(store))
    }

    pub(super) async fn load(&self, key: &str) -> Result<Option<Secret>, TokenStoreError> {
        self.0.load_boxed(key).await
    }

    pub(super) async fn save(&self, key: &str, value: Secret) -> Result<(), TokenStoreError> {
        self.0.save_boxed(key, value).await
    }

    pub(super) async fn remove(&self, key: &str) -> Result<(), TokenStoreError> {
        self.0.remove_boxed(key).await
    }

    pub(super) async fn lock(&self, key: &str) -> Result<StoreLock, TokenStoreError> {
        self.0.lock_boxed(key).await
    }
}

impl fmt::Debug for SharedTokenStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedTokenStore")
    }
}

trait StoreBoxed: Send + Sync {
    fn load_boxed<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Secret>, TokenStoreError>>;
    fn save_boxed<'a>(&'a self, key: &'a str, value: Secret) -> BoxFuture<'a, Result<(), TokenStoreError>>;
    fn remove_boxed<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), TokenStoreError>>;
    fn lock_boxed<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<StoreLock, TokenStoreError>>;
}

impl<S: TokenStore> StoreBoxed for S {
    fn load_boxed<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<Secret>, TokenStoreError>> {
        Box::pin(self.load(key))
    }

    fn save_boxed<'a>(&'a self, key: &'a str, value: Secret) -> BoxFuture<'a, Result<(), TokenStoreError>> {
        Box::pin(self.save(key, value))
    }

    fn remove_boxed<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<(), TokenStoreError>> {
        Box::pin(self.remove(key))
    }

    fn lock_boxed<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<StoreLock, TokenStoreError>> {
        Box::pin(self.lock(key))
    }
}
