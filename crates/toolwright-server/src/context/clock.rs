use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::Notify, time::Instant};

/// The time a call has left. It stops while a question to the client is open.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    state: Mutex<State>,
    resumed: Notify,
}

#[derive(Debug, Default)]
struct State {
    timeout: Duration,
    started: Option<Instant>,
    open_questions: u32,
    stopped: Option<Instant>,
    stood_still: Duration,
}

impl Clock {
    pub(crate) fn new(timeout: Duration) -> Self {
        Self { state: Mutex::new(State { timeout, ..State::default() }), resumed: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.state().timeout
    }

    pub(crate) fn limit(&self, timeout: Duration) {
        self.state().timeout = timeout;
        self.resumed.notify_waiters();
    }

    /// Waits until the time may be up, or the reckoning changed.
    pub(crate) async fn time_left(&self) {
        let resumed = self.resumed.notified();
        let until = {
            let mut state = self.state();
            let started = *state.started.get_or_insert_with(Instant::now);
            match state.stopped {
                Some(_) => None,
                None => started.checked_add(state.timeout.saturating_add(state.stood_still)),
            }
        };
        match until {
            Some(until) => tokio::select! {
                () = tokio::time::sleep_until(until) => {}
                () = resumed => {}
            },
            None => resumed.await,
        }
    }

    pub(crate) fn is_over(&self) -> bool {
        let state = self.state();
        match (state.started, state.stopped) {
            (Some(started), None) => started.elapsed() >= state.timeout.saturating_add(state.stood_still),
            _ => false,
        }
    }

    /// Stops the clock until what it returns is dropped.
    pub(crate) fn pause(&self) -> Paused<'_> {
        let mut state = self.state();
        state.open_questions += 1;
        state.stopped.get_or_insert_with(Instant::now);
        drop(state);
        self.resumed.notify_waiters();
        Paused(self)
    }
}

pub(crate) struct Paused<'a>(&'a Clock);

impl Drop for Paused<'_> {
    fn drop(&mut self) {
        let mut state = self.0.state();
        state.open_questions -= 1;
        if state.open_questions == 0
            && let Some(stopped) = state.stopped.take()
        {
            state.stood_still += stopped.elapsed();
        }
        drop(state);
        self.0.resumed.notify_waiters();
    }
}
