use std::{
    collections::HashMap,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use tokio::time::Instant;

use crate::{
    request::{Encoded, Reply},
    subscription::{Change, covers},
};

/// Longest time that a result is kept, whatever the server says.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// How many results a client keeps while they are fresh. See [`Builder::cache`](crate::Builder::cache).
///
/// # Example
/// ```
/// use toolwright_client::{Client, Cache};
///
/// let builder = Client::builder().cache(Cache::default().entries(64).bytes(1024 * 1024));
/// let without = Client::builder().cache(Cache::off());
/// # drop((builder, without));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cache {
    entries: usize,
    bytes: usize,
}

impl Cache {
    /// Keeps nothing.
    pub fn off() -> Self {
        Self { entries: 0, bytes: 0 }
    }

    /// Most results that are kept. Default 512.
    pub fn entries(mut self, entries: usize) -> Self {
        self.entries = entries;
        self
    }

    /// Most bytes that they have together. Default 16 MiB.
    pub fn bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }
}

impl Default for Cache {
    fn default() -> Self {
        Self { entries: 512, bytes: 16 << 20 }
    }
}

/// Results that their server called fresh for a while ("Caching"), by method and parameters.
///
/// A client has one identity, so what is private to it can be kept, too.
pub(crate) struct Results {
    bounds: Cache,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    entries: HashMap<Key, Entry>,
    bytes: usize,
    /// Grows with all that makes results stale: an answer that was under way meanwhile is not kept.
    age: u64,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    method: &'static str,
    parameters: Bytes,
}

struct Entry {
    result: Bytes,
    /// For results about one resource.
    uri: Option<Box<str>>,
    until: Instant,
}

/// A request whose result can be kept.
pub(crate) struct Slot {
    key: Key,
    uri: Option<Box<str>>,
    age: u64,
}

impl Results {
    pub(crate) fn new(bounds: Cache) -> Self {
        Self { bounds, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the result of a request about `subject` is kept, if it may be.
    pub(crate) fn slot(&self, encoded: &Encoded, subject: &str) -> Option<Slot> {
        let method = match &*encoded.method {
            "tools/list" => "tools/list",
            "prompts/list" => "prompts/list",
            "resources/list" => "resources/list",
            "resources/templates/list" => "resources/templates/list",
            "resources/read" => "resources/read",
            _ => return None,
        };
        if self.bounds.entries == 0 {
            return None;
        }
        let uri = (method == "resources/read").then(|| subject.into());
        Some(Slot { key: Key { method, parameters: encoded.parameters() }, uri, age: self.kept().age })
    }

    /// The result, if there is a fresh one.
    pub(crate) fn get(&self, slot: &Slot) -> Option<Reply> {
        let mut kept = self.kept();
        let entry = kept.entries.get(&slot.key)?;
        if Instant::now() < entry.until {
            return Some(Reply(entry.result.clone()));
        }
        kept.remove(&slot.key);
        None
    }

    /// Keeps a complete result for as long as its server says.
    pub(crate) fn put(&self, slot: Slot, reply: &Reply) {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Hint<'a> {
            #[serde(borrow)]
            ttl_ms: Option<&'a RawValue>,
        }
        // Whatever is no positive number of milliseconds is none at all.
        let hint = serde_json::from_slice::<Hint<'_>>(&reply.0).ok().and_then(|hint| hint.ttl_ms);
        let ttl = hint.and_then(|ttl| serde_json::from_str::<f64>(ttl.get()).ok()).unwrap_or_default();
        // JSON has no value that is none of these.
        if ttl <= 0.0 {
            return;
        }
        let until =
            Instant::now() + Duration::try_from_secs_f64(ttl / 1000.0).unwrap_or(LONGEST).min(LONGEST);
        // On its own: the answer that it is part of may be a batch, and the parameters are part of a request.
        let (key, uri) =
            (Key { parameters: Bytes::copy_from_slice(&slot.key.parameters), ..slot.key }, slot.uri);
        let entry = Entry { result: Bytes::copy_from_slice(&reply.0), uri, until };
        let size = size(&key, &entry);
        if size > self.bounds.bytes {
            return;
        }
        let mut kept = self.kept();
        if kept.age != slot.age {
            return;
        }
        kept.remove(&key);
        if kept.entries.len() >= self.bounds.entries || kept.bytes + size > self.bounds.bytes {
            let now = Instant::now();
            kept.evict(|_, entry| entry.until <= now);
        }
        while kept.entries.len() >= self.bounds.entries || kept.bytes + size > self.bounds.bytes {
            let soonest =
                kept.entries.iter().min_by_key(|(_, entry)| entry.until).map(|(key, _)| key.clone());
            let Some(soonest) = soonest else { break };
            kept.remove(&soonest);
        }
        kept.bytes += size;
        kept.entries.insert(key, entry);
    }

    /// What a change makes stale is not kept any longer.
    pub(crate) fn change(&self, change: &Change) {
        let mut kept = self.kept();
        kept.age += 1;
        match change {
            Change::Tools => kept.evict(|key, _| key.method == "tools/list"),
            Change::Prompts => kept.evict(|key, _| key.method == "prompts/list"),
            Change::Resources => {
                kept.evict(|key, _| matches!(key.method, "resources/list" | "resources/templates/list"));
            }
            Change::Resource(uri) => kept.evict(|_, entry| {
                entry.uri.as_ref().is_some_and(|kept| covers(kept, uri) || covers(uri, kept))
            }),
            _ => {}
        }
    }

    pub(crate) fn clear(&self) {
        let mut kept = self.kept();
        kept.age += 1;
        kept.evict(|_, _| true);
    }
}

impl Kept {
    fn remove(&mut self, key: &Key) {
        if let Some((key, entry)) = self.entries.remove_entry(key) {
            self.bytes -= size(&key, &entry);
        }
    }

    fn evict(&mut self, stale: impl Fn(&Key, &Entry) -> bool) {
        let bytes = &mut self.bytes;
        self.entries.retain(|key, entry| {
            let stale = stale(key, entry);
            if stale {
                *bytes -= size(key, entry);
            }
            !stale
        });
    }
}

fn size(key: &Key, entry: &Entry) -> usize {
    key.parameters.len() + entry.result.len() + entry.uri.as_ref().map_or(0, |uri| uri.len())
}

impl fmt::Debug for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kept = self.kept();
        f.debug_struct("Results").field("entries", &kept.entries.len()).field("bytes", &kept.bytes).finish()
    }
}
