use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use toolwright_core::model::SubscriptionFilter;

use super::Change;

/// Most changes that wait to be fetched.
const WAITING: usize = 1024;

/// The changes of one subscription, from the inlet to whoever fetches them.
#[derive(Debug, Default)]
pub(super) struct Channel(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    changes: VecDeque<Change>,
    acknowledged: Option<SubscriptionFilter>,
    ended: bool,
    waker: Option<Waker>,
}

impl Channel {
    fn update(&self, update: impl FnOnce(&mut State)) {
        let waker = {
            let mut state = self.state();
            update(&mut state);
            state.waker.take()
        };
        if let Some(waker) = waker {
            waker.wake();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A change that waits already tells all that its repetition could.
    pub(super) fn push(&self, change: Change) {
        self.update(|state| {
            if state.ended || state.changes.contains(&change) {
                return;
            }
            if state.changes.len() == WAITING {
                state.changes.clear();
                state.changes.push_back(Change::Missed);
            } else {
                state.changes.push_back(change);
            }
        });
    }

    pub(super) fn acknowledge(&self, filter: SubscriptionFilter) {
        self.update(|state| state.acknowledged = Some(filter));
    }

    /// The server ended the subscription in good order.
    pub(super) fn end(&self) {
        self.update(|state| state.ended = true);
    }

    pub(super) fn has_ended(&self) -> bool {
        self.state().ended
    }

    pub(super) fn poll_acknowledged(&self, cx: &Context<'_>) -> Poll<SubscriptionFilter> {
        let mut state = self.state();
        match state.acknowledged.take() {
            Some(filter) => Poll::Ready(filter),
            None => {
                state.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }

    /// The next change; none after the end.
    pub(super) fn poll_next(&self, cx: &Context<'_>) -> Poll<Option<Change>> {
        let mut state = self.state();
        match state.changes.pop_front() {
            Some(change) => Poll::Ready(Some(change)),
            None if state.ended => Poll::Ready(None),
            None => {
                state.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}
