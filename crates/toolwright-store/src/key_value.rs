use std::{fmt, future::Future, pin::Pin, sync::Arc, time::Duration};

use bytes::Bytes;

use crate::StoreError;

/// A map from keys to bytes that can be shared by many replicas.
///
/// Every operation is atomic for its key. Each write states anew how long the value lives: after `ttl` it is as if it had never
/// been there, and `None` keeps it until it is deleted. Write the methods as `async fn`.
///
/// # Example
/// A counter that replicas share, by comparing and swapping until nobody came in between.
/// ```
/// use bytes::Bytes;
/// use toolwright_store::{KeyValue, MemoryKeyValue, StoreError, Swap};
///
/// async fn count(store: &impl KeyValue) -> Result<u64, StoreError> {
///     let mut seen = store.get("count").await?.unwrap_or_else(|| "0".into());
///     store.put_if_absent("count", "0".into(), None).await?;
///     loop {
///         let next = std::str::from_utf8(&seen).unwrap().parse::<u64>().unwrap() + 1;
///         match store.compare_and_swap("count", seen, next.to_string().into(), None).await? {
///             Swap::Swapped => return Ok(next),
///             Swap::Different(current) => seen = current.unwrap_or_default(),
///         }
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), StoreError> {
/// let store = MemoryKeyValue::new();
/// assert_eq!(count(&store).await?, 1);
/// assert_eq!(count(&store).await?, 2);
/// # Ok(())
/// # }
/// ```
pub trait KeyValue: Send + Sync + 'static {
    /// The value of a key, if there is one.
    fn get(&self, key: &str) -> impl Future<Output = Result<Option<Bytes>, StoreError>> + Send;

    /// Sets the value of a key, whether there was one or not.
    fn put(
        &self,
        key: &str,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> impl Future<Output = Result<(), StoreError>> + Send;

    /// Sets the value of a key that has none. Of many callers exactly one succeeds.
    fn put_if_absent(
        &self,
        key: &str,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> impl Future<Output = Result<Insertion, StoreError>> + Send;

    /// Sets the value of a key that has the value `expected`.
    fn compare_and_swap(
        &self,
        key: &str,
        expected: Bytes,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> impl Future<Output = Result<Swap, StoreError>> + Send;

    /// Removes a key, and tells whether it was there.
    fn delete(&self, key: &str) -> impl Future<Output = Result<bool, StoreError>> + Send;
}

/// What became of a [`KeyValue::put_if_absent`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Insertion {
    /// There was no value; now there is.
    Inserted,
    /// There is this value, and it stays, with the time it has left.
    Present(Bytes),
}

/// What became of a [`KeyValue::compare_and_swap`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Swap {
    /// The value was the expected one and is replaced.
    Swapped,
    /// There is this value or none, and that stays, with the time it has left.
    Different(Option<Bytes>),
}

/// Any [`KeyValue`], behind a handle that is cheap to clone.
#[derive(Clone)]
pub struct SharedKeyValue(Arc<dyn DynKeyValue>);

impl SharedKeyValue {
    /// Puts a store behind a handle.
    pub fn new(store: impl KeyValue) -> Self {
        Self(Arc::new(store))
    }
}

impl fmt::Debug for SharedKeyValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedKeyValue").finish_non_exhaustive()
    }
}

impl KeyValue for SharedKeyValue {
    async fn get(&self, key: &str) -> Result<Option<Bytes>, StoreError> {
        self.0.get(key).await
    }

    async fn put(&self, key: &str, value: Bytes, ttl: Option<Duration>) -> Result<(), StoreError> {
        self.0.put(key, value, ttl).await
    }

    async fn put_if_absent(
        &self,
        key: &str,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> Result<Insertion, StoreError> {
        self.0.put_if_absent(key, value, ttl).await
    }

    async fn compare_and_swap(
        &self,
        key: &str,
        expected: Bytes,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> Result<Swap, StoreError> {
        self.0.compare_and_swap(key, expected, value, ttl).await
    }

    async fn delete(&self, key: &str) -> Result<bool, StoreError> {
        self.0.delete(key).await
    }
}

type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// [`KeyValue`] with boxed futures, since a trait with `impl Future` cannot be a trait object.
trait DynKeyValue: Send + Sync {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<Bytes>>;
    fn put<'a>(&'a self, key: &'a str, value: Bytes, ttl: Option<Duration>) -> BoxFuture<'a, ()>;
    fn put_if_absent<'a>(
        &'a self,
        key: &'a str,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> BoxFuture<'a, Insertion>;
    fn compare_and_swap<'a>(
        &'a self,
        key: &'a str,
        expected: Bytes,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> BoxFuture<'a, Swap>;
    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, bool>;
}

impl<S: KeyValue> DynKeyValue for S {
    fn get<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Option<Bytes>> {
        Box::pin(KeyValue::get(self, key))
    }

    fn put<'a>(&'a self, key: &'a str, value: Bytes, ttl: Option<Duration>) -> BoxFuture<'a, ()> {
        Box::pin(KeyValue::put(self, key, value, ttl))
    }

    fn put_if_absent<'a>(
        &'a self,
        key: &'a str,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> BoxFuture<'a, Insertion> {
        Box::pin(KeyValue::put_if_absent(self, key, value, ttl))
    }

    fn compare_and_swap<'a>(
        &'a self,
        key: &'a str,
        expected: Bytes,
        value: Bytes,
        ttl: Option<Duration>,
    ) -> BoxFuture<'a, Swap> {
        Box::pin(KeyValue::compare_and_swap(self, key, expected, value, ttl))
    }

    fn delete<'a>(&'a self, key: &'a str) -> BoxFuture<'a, bool> {
        Box::pin(KeyValue::delete(self, key))
    }
}
