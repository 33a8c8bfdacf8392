use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

/// Most elicitations whose end is waited for.
const MOST: usize = 1024;

/// URLs that were opened and that the server of a session has not called complete yet (2025-11-25, "URL Mode Elicitation").
#[derive(Debug, Default)]
pub(crate) struct Elicitations {
    open: Mutex<VecDeque<Box<str>>>,
    completed: Notify,
}

impl Elicitations {
    fn open(&self) -> MutexGuard<'_, VecDeque<Box<str>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The server may call `id` complete from now on.
    pub(crate) fn expect(&self, id: &str) {
        let mut open = self.open();
        if open.iter().any(|known| **known == *id) {
            return;
        }
        if open.len() == MOST {
            open.pop_front();
        }
        open.push_back(id.into());
    }

    /// Whether `id` was open. It is no more.
    pub(crate) fn complete(&self, id: &str) -> bool {
        let mut open = self.open();
        let Some(at) = open.iter().position(|known| **known == *id) else { return false };
        open.remove(at);
        drop(open);
        self.completed.notify_waiters();
        true
    }

    /// Resolves when none of these is open any more.
    pub(crate) async fn completed(&self, ids: &[String]) {
        loop {
            let completed = self.completed.notified();
            if !self.open().iter().any(|open| ids.iter().any(|id| **id == **open)) {
                return;
            }
            completed.await;
        }
    }
}
