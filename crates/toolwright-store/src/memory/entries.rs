use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use tokio::time::Instant;

use crate::StoreError;

/// How much may be kept.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) entries: usize,
    pub(super) bytes: usize,
}

/// The values, none of which is past its time.
#[derive(Debug, Default)]
pub(super) struct Entries {
    values: HashMap<Arc<str>, Entry>,
    /// Who expires when, soonest first, so that room is made without looking at everyone.
    deadlines: BTreeSet<(Instant, Arc<str>)>,
    bytes: usize,
}

#[derive(Debug)]
struct Entry {
    value: Bytes,
    expires: Option<Instant>,
}

impl Entries {
    pub(super) fn expire(&mut self, now: Instant) {
        while self.deadlines.first().is_some_and(|(expires, _)| *expires <= now) {
            if let Some((_, key)) = self.deadlines.pop_first()
                && let Some(entry) = self.values.remove(&key)
            {
                self.bytes -= key.len() + entry.value.len();
            }
        }
    }

    pub(super) fn value(&self, key: &str) -> Option<&Bytes> {
        self.values.get(key).map(|entry| &entry.value)
    }

    pub(super) fn remove(&mut self, key: &str) -> bool {
        let Some((key, entry)) = self.values.remove_entry(key) else {
            return false;
        };
        self.bytes -= key.len() + entry.value.len();
        if let Some(expires) = entry.expires {
            self.deadlines.remove(&(expires, key));
        }
        true
    }

    pub(super) fn write(
        &mut self,
        key: &str,
        value: &[u8],
        ttl: Option<Duration>,
        now: Instant,
        limits: Limits,
    ) -> Result<(), StoreError> {
        let before = self.values.get(key).map(|entry| key.len() + entry.value.len());
        let bytes = self.bytes - before.unwrap_or(0) + key.len() + value.len();
        if bytes > limits.bytes {
            return Err(StoreError::Full { limit: format!("at most {} bytes", limits.bytes).into() });
        }
        if before.is_none() && self.values.len() >= limits.entries {
            return Err(StoreError::Full { limit: format!("at most {} entries", limits.entries).into() });
        }
        self.remove(key);
        let key: Arc<str> = key.into();
        // A time too far away to be told is never.
        let expires = ttl.and_then(|ttl| now.checked_add(ttl));
        if let Some(expires) = expires {
            self.deadlines.insert((expires, Arc::clone(&key)));
        }
        // A copy, since the given bytes may be a small part of a large buffer, which they would keep alive.
        self.values.insert(key, Entry { value: Bytes::copy_from_slice(value), expires });
        self.bytes = bytes;
        Ok(())
    }
}
