use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use tokio::sync::Notify;
use toolwright_core::joint::{BoxFuture, Closed, Outlet, SendError};

/// Everything the server sent that was not compared yet, one queue for each request and one for the connection.
#[derive(Debug, Default)]
pub(super) struct Mailbox {
    queues: Mutex<Vec<VecDeque<Bytes>>>,
    running: AtomicUsize,
    pub(super) news: Notify,
}

impl Mailbox {
    /// A further queue.
    pub(super) fn queue(self: &Arc<Self>) -> Queue {
        let mut queues = self.queues();
        queues.push(VecDeque::new());
        Queue { mailbox: self.clone(), index: queues.len() - 1 }
    }

    fn queues(&self) -> MutexGuard<'_, Vec<VecDeque<Bytes>>> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next message of each queue.
    pub(super) fn heads(&self) -> Vec<(usize, Bytes)> {
        let queues = self.queues();
        queues.iter().enumerate().filter_map(|(index, queue)| Some((index, queue.front()?.clone()))).collect()
    }

    pub(super) fn take(&self, index: usize) {
        self.queues()[index].pop_front();
    }

    /// Counts a request that runs, until the guard is dropped.
    pub(super) fn running(self: &Arc<Self>) -> Running {
        self.running.fetch_add(1, Ordering::SeqCst);
        Running(self.clone())
    }

    pub(super) fn is_idle(&self) -> bool {
        self.running.load(Ordering::SeqCst) == 0
    }
}

pub(super) struct Running(Arc<Mailbox>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, Ordering::SeqCst);
        self.0.news.notify_one();
    }
}

/// Where the messages of one request go.
#[derive(Clone, Debug)]
pub(super) struct Queue {
    mailbox: Arc<Mailbox>,
    index: usize,
}

impl Queue {
    pub(super) fn push(&self, message: Bytes) {
        self.mailbox.queues()[self.index].push_back(message);
        self.mailbox.news.notify_one();
    }
}

impl Outlet for Queue {
    fn try_send(&self, message: Bytes) -> Result<(), SendError> {
        self.push(message);
        Ok(())
    }

    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        self.push(message);
        Box::pin(std::future::ready(Ok(())))
    }
}
