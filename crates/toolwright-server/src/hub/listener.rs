use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
};

use tokio::sync::Notify;
use toolwright_core::model::SubscriptionFilter;

use super::Change;

/// One `subscriptions/listen` under way. Changes that it did not hear of yet are kept once each, so that a client that does not
/// keep up costs no more than its filter is long.
#[derive(Debug)]
pub(crate) struct Listener {
    filter: SubscriptionFilter,
    waiting: Mutex<BTreeSet<Change>>,
    wake: Notify,
}

/// Most notifications of extensions that wait for one listener; those carry data, and the oldest is given up.
const MOST_WAITING: usize = 4096;

impl Listener {
    pub(crate) fn new(filter: SubscriptionFilter) -> Self {
        Self { filter, waiting: Mutex::default(), wake: Notify::new() }
    }

    pub(super) fn tell(&self, change: &Change) {
        if !change.is_wanted(&self.filter) {
            return;
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        waiting.insert(change.clone());
        if waiting.len() > MOST_WAITING {
            tracing::warn!("a subscriber does not keep up; its oldest notice is given up");
            waiting.pop_first();
        }
        drop(waiting);
        self.wake.notify_one();
    }

    /// Waits for the next changes.
    pub(crate) async fn next(&self) -> BTreeSet<Change> {
        loop {
            let changes = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            if !changes.is_empty() {
                return changes;
            }
            self.wake.notified().await;
        }
    }
}
