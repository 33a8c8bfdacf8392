use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use hyper::rt::{Sleep, Timer};
use tokio::time::sleep_until;

/// How long one connection may owe the head of a request.
///
/// hyper asks its timer for a sleep before each head and drops it after, which the runtime would have to enter and to take out
/// again. Here that only changes when the time is over. One alarm lasts as long as the connection, and is put off when it goes too
/// early.
#[derive(Default)]
pub(super) struct HeaderTimeout {
    term: Arc<Term>,
    alarm: Option<Pin<Box<tokio::time::Sleep>>>,
}

#[derive(Default)]
struct Term(Mutex<State>);

#[derive(Default)]
struct State {
    /// None while no head is owed.
    until: Option<Instant>,
    is_over: bool,
}

impl HeaderTimeout {
    /// The timer for hyper's connection.
    pub(super) fn timer(&self) -> HeadTimer {
        HeadTimer(Arc::clone(&self.term))
    }

    /// Whether the time is over, which hyper sees when it is polled again. If not, the task of `context` is woken when it may be;
    /// `known` says that this is the task of the last time.
    pub(super) fn has_ended(&mut self, context: &mut Context<'_>, known: bool) -> bool {
        let mut state = self.term.state();
        let Some(until) = state.until else { return false };
        let alarm = match &mut self.alarm {
            Some(alarm) if known && !alarm.is_elapsed() => return false,
            alarm => alarm.get_or_insert_with(|| Box::pin(sleep_until(until.into()))),
        };
        while alarm.as_mut().poll(context).is_ready() {
            if until <= now() {
                state.is_over = true;
                return true;
            }
            alarm.as_mut().reset(until.into());
        }
        false
    }
}

impl Term {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What hyper takes for a timer.
pub(super) struct HeadTimer(Arc<Term>);

impl Timer for HeadTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        *self.0.state() = State { until: Some(deadline), is_over: false };
        Box::pin(Owed(Arc::clone(&self.0)))
    }

    fn now(&self) -> Instant {
        now()
    }
}

/// The clock of the runtime, which tests can stop.
fn now() -> Instant {
    tokio::time::Instant::now().into()
}

/// A head is owed for as long as this lives.
struct Owed(Arc<Term>);

impl Future for Owed {
    type Output = ();

    /// Whoever asks [`HeaderTimeout`] is woken for it.
    fn poll(self: Pin<&mut Self>, _context: &mut Context<'_>) -> Poll<()> {
        if self.0.state().is_over { Poll::Ready(()) } else { Poll::Pending }
    }
}

impl Sleep for Owed {}

impl Drop for Owed {
    fn drop(&mut self) {
        self.0.state().until = None;
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use tokio::{task::yield_now, time::advance};

    use super::*;

    const TERM: Duration = Duration::from_secs(10);

    /// One look, as the task of the connection takes it.
    async fn has_ended(timeout: &mut HeaderTimeout, known: bool) -> bool {
        poll_fn(|context| Poll::Ready(timeout.has_ended(context, known))).await
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_when_a_head_is_owed_for_too_long() {
        let mut timeout = HeaderTimeout::default();
        let mut owed = timeout.timer().sleep(TERM);
        assert!(!has_ended(&mut timeout, false).await);
        advance(TERM).await;
        yield_now().await;
        assert!(has_ended(&mut timeout, true).await);
        poll_fn(|context| owed.as_mut().poll(context)).await;
    }

    #[tokio::test(start_paused = true)]
    async fn every_head_has_the_whole_time_and_work_on_a_request_is_no_part_of_it() {
        let mut timeout = HeaderTimeout::default();
        let timer = timeout.timer();
        for _ in 0..3 {
            let owed = timer.sleep(TERM);
            assert!(!has_ended(&mut timeout, false).await);
            advance(TERM * 9 / 10).await;
            yield_now().await;
            assert!(!has_ended(&mut timeout, true).await);
            drop(owed);
            advance(2 * TERM).await;
            yield_now().await;
            assert!(!has_ended(&mut timeout, true).await, "nothing is owed");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn who_looked_before_a_head_was_owed_is_woken_as_well() {
        let mut timeout = HeaderTimeout::default();
        assert!(!has_ended(&mut timeout, false).await);
        let _owed = timeout.timer().sleep(TERM);
        poll_fn(|context| if timeout.has_ended(context, true) { Poll::Ready(()) } else { Poll::Pending })
            .await;
    }

    #[tokio::test(start_paused = true)]
    async fn who_looked_is_woken_when_it_may_have_ended() {
        let mut timeout = HeaderTimeout::default();
        let timer = timeout.timer();
        drop(timer.sleep(TERM));
        let _owed = timer.sleep(TERM);
        let begun = tokio::time::Instant::now();
        let mut known = false;
        poll_fn(|context| {
            let ended = timeout.has_ended(context, known);
            known = true;
            if ended { Poll::Ready(()) } else { Poll::Pending }
        })
        .await;
        assert!(begun.elapsed() >= TERM && begun.elapsed() < 2 * TERM);
    }
}
