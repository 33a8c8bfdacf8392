use std::time::Duration;

use bytes::Bytes;
use serde::{Serialize, de::DeserializeOwned};
use toolwright_store::{Insertion, KeyValue, SharedKeyValue, Swap};

use crate::HandlerError;

/// Most bytes of one value, as JSON.
const LARGEST: usize = 1024 * 1024;

/// One value in a store, written and read as a whole.
#[derive(Clone)]
pub(super) struct Slot {
    pub(super) store: SharedKeyValue,
    pub(super) key: String,
    pub(super) ttl: Duration,
}

impl Slot {
    pub(super) async fn get<T: DeserializeOwned>(&self) -> Result<Option<T>, HandlerError> {
        let found = self.store.get(&self.key).await?;
        found.as_deref().map(read).transpose()
    }

    pub(super) async fn put<T: Serialize>(&self, value: T) -> Result<(), HandlerError> {
        let written = write(&value)?;
        drop(value);
        Ok(self.store.put(&self.key, written, Some(self.ttl)).await?)
    }

    pub(super) async fn delete(&self) -> Result<bool, HandlerError> {
        Ok(self.store.delete(&self.key).await?)
    }

    /// Changes the value, again and again until nobody else changed it in between. Nothing where there is none, and `absent` makes
    /// none.
    pub(super) async fn update<T, R>(
        &self,
        absent: fn() -> Option<T>,
        mut change: impl FnMut(&mut T) -> R + Send,
    ) -> Result<Option<R>, HandlerError>
    where
        T: Serialize + DeserializeOwned,
        R: Send,
    {
        self.swap(|seen| {
            let value = match seen {
                Some(bytes) => Some(read(bytes)?),
                None => absent(),
            };
            let Some(mut value) = value else { return Ok(None) };
            let answer = change(&mut value);
            Ok(Some((write(&value)?, answer)))
        })
        .await
    }

    /// Replaces the value, if there is one; tells whether there was.
    pub(super) async fn replace<T: Serialize>(&self, value: T) -> Result<bool, HandlerError> {
        let written = write(&value)?;
        drop(value);
        let replaced = self.swap(|seen| Ok(seen.map(|_| (written.clone(), ())))).await?;
        Ok(replaced.is_some())
    }

    async fn swap<R: Send>(
        &self,
        mut next: impl FnMut(Option<&[u8]>) -> Result<Option<(Bytes, R)>, HandlerError> + Send,
    ) -> Result<Option<R>, HandlerError> {
        let mut seen = self.store.get(&self.key).await?;
        while let Some((written, answer)) = next(seen.as_deref())? {
            seen = match seen {
                None => match self.store.put_if_absent(&self.key, written, Some(self.ttl)).await? {
                    Insertion::Inserted => return Ok(Some(answer)),
                    Insertion::Present(current) => Some(current),
                },
                Some(seen) => {
                    match self.store.compare_and_swap(&self.key, seen, written, Some(self.ttl)).await? {
                        Swap::Swapped => return Ok(Some(answer)),
                        Swap::Different(current) => current,
                    }
                }
            };
        }
        Ok(None)
    }
}

/// A value that cannot be read is never taken for none: it would be lost with the next write.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, HandlerError> {
    serde_json::from_slice(bytes).map_err(|error| {
        HandlerError::from(format!(
            "the stored state cannot be read: {error}; it was written by a version of the server with another type"
        ))
    })
}

fn write<T: Serialize>(value: &T) -> Result<Bytes, HandlerError> {
    let written =
        serde_json::to_vec(value).map_err(|error| format!("the state cannot be written as JSON: {error}"))?;
    if written.len() > LARGEST {
        let length = written.len();
        return Err(
            format!("the state would have {length} bytes, of {LARGEST} at most; keep less in it").into()
        );
    }
    Ok(written.into())
}
