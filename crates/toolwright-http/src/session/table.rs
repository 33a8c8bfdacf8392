use std::{
    collections::HashMap,
    hash::BuildHasherDefault,
    sync::{Arc, Weak},
};

use tokio::task::AbortHandle;

use super::{entry::Entry, id_hasher::IdHasher};

/// All sessions by name.
#[derive(Default)]
pub(super) struct Table {
    entries: HashMap<Arc<str>, Arc<Entry>, BuildHasherDefault<IdHasher>>,
    /// Who goes when room is needed: sessions that were idle when they were last looked at, the longest idle one last, each with
    /// the time since when. Who became idle later has been idle for less long than all of them.
    idle: Vec<(u64, Weak<Entry>)>,
    /// How often a session had become inactive when nobody was idle.
    barren: Option<u64>,
    pub(super) sweeper: Option<AbortHandle>,
}

impl Table {
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Arc<Entry>> {
        self.entries.get(id)
    }

    pub(super) fn insert(&mut self, entry: Arc<Entry>) {
        self.entries.insert(Arc::clone(entry.id()), entry);
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<Arc<Entry>> {
        let removed = self.entries.remove(id);
        let (len, capacity) = (self.entries.len(), self.entries.capacity());
        if capacity > 64 && len < capacity / 8 {
            self.entries.shrink_to(len * 2);
        }
        removed
    }

    pub(super) fn clear(&mut self) -> Vec<Arc<Entry>> {
        self.forget_order();
        std::mem::take(&mut self.entries).into_values().collect()
    }

    /// Takes out the session that has been idle for longest. `rests` counts how often a session became inactive.
    pub(super) fn evict(&mut self, rests: u64) -> Option<Arc<Entry>> {
        for looked in [false, true] {
            if looked && !self.look(rests) {
                return None;
            }
            while let Some((since, entry)) = self.idle.pop() {
                let still = entry.upgrade().filter(|entry| entry.idle_since() == Some(since));
                if let Some(evicted) = still.and_then(|entry| self.remove(entry.id())) {
                    return Some(evicted);
                }
            }
        }
        None
    }

    /// Puts the idle sessions in order; `false` if there is none.
    fn look(&mut self, rests: u64) -> bool {
        if self.barren == Some(rests) {
            return false;
        }
        let idle =
            self.entries.values().filter_map(|entry| Some((entry.idle_since()?, Arc::downgrade(entry))));
        self.idle = idle.collect();
        self.idle.sort_unstable_by_key(|(since, _)| std::cmp::Reverse(*since));
        self.barren = self.idle.is_empty().then_some(rests);
        !self.idle.is_empty()
    }

    /// Takes out who is idle since `deadline` or longer. Tells since when the longest idle one of the others is.
    pub(super) fn expire(&mut self, deadline: u64) -> (Vec<Arc<Entry>>, Option<u64>) {
        self.forget_order();
        let mut oldest: Option<u64> = None;
        let mut expired = Vec::new();
        for entry in self.entries.values() {
            match entry.idle_since() {
                Some(since) if since <= deadline => expired.push(Arc::clone(entry)),
                Some(since) => oldest = Some(oldest.map_or(since, |oldest| oldest.min(since))),
                None => {}
            }
        }
        for entry in &expired {
            self.remove(entry.id());
        }
        (expired, oldest)
    }

    fn forget_order(&mut self) {
        self.idle = Vec::new();
        self.barren = None;
    }
}
