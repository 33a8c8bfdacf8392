use std::{
    collections::HashMap,
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

use bytes::Bytes;

use crate::jsonrpc::Id;

/// The requests of one connection that wait for their answers, by id: whoever reads a stream hands in what arrives there, in
/// whatever order.
///
/// It keeps at most one answer for each request that waits, and nothing for those that are given up. `E` says why no answer can
/// come any more.
///
/// # Example
/// ```
/// use std::{pin::pin, sync::Arc, task::{Context, Poll, Waker}};
/// use toolwright_core::joint::Waiting;
///
/// let waiting = Arc::new(Waiting::<&str>::default());
/// let mut context = Context::from_waker(Waker::noop());
///
/// let mut one = pin!(waiting.expect(1.into()).unwrap());
/// assert!(one.as_mut().poll(&mut context).is_pending());
/// assert!(waiting.answer(&1.into(), "{}".into()));
/// assert!(!waiting.answer(&1.into(), "{}".into()), "a request has one answer");
/// assert_eq!(one.poll(&mut context), Poll::Ready(Some("{}".into())));
///
/// waiting.end("the stream broke");
/// assert!(waiting.expect(2.into()).is_none());
/// assert_eq!(waiting.why(), Some("the stream broke"));
/// # use std::future::Future;
/// ```
pub struct Waiting<E = ()>(Mutex<State<E>>);

struct State<E> {
    places: HashMap<Id, Place>,
    /// Those who wait for the end.
    watchers: HashMap<u64, Waker>,
    over: Option<E>,
    /// The number of whoever comes next.
    next: u64,
}

/// Where one answer is put.
struct Place {
    owner: u64,
    answer: Option<Bytes>,
    waker: Option<Waker>,
}

impl<E> State<E> {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }
}

impl<E> Default for Waiting<E> {
    fn default() -> Self {
        Self(Mutex::new(State { places: HashMap::new(), watchers: HashMap::new(), over: None, next: 0 }))
    }
}

impl<E> Waiting<E> {
    fn lock(&self) -> MutexGuard<'_, State<E>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for the answer to `id`; none if no answer can come any more. Whoever waited for the same id waits no longer.
    pub fn expect(self: &Arc<Self>, id: Id) -> Option<Wait<E>> {
        let mut state = self.lock();
        if state.over.is_some() {
            return None;
        }
        let owner = state.number();
        let before = state.places.insert(id.clone(), Place { owner, answer: None, waker: None });
        drop(state);
        if let Some(waker) = before.and_then(|place| place.waker) {
            waker.wake();
        }
        Some(Wait { waiting: Arc::clone(self), id, owner })
    }

    /// Hands in the answer to `id`. `false`, and it is dropped, if nobody waits for one, or for a second one: whoever gave up has
    /// no use for a late answer ("Cancellation").
    pub fn answer(&self, id: &Id, answer: Bytes) -> bool {
        let mut state = self.lock();
        if state.over.is_some() {
            return false;
        }
        let Some(place) = state.places.get_mut(id).filter(|place| place.answer.is_none()) else {
            return false;
        };
        place.answer = Some(answer);
        let waker = place.waker.take();
        drop(state);
        if let Some(waker) = waker {
            waker.wake();
        }
        true
    }

    /// Fails all who wait and all who come. Answers that are there already can still be taken, and the first reason stays.
    pub fn end(&self, why: E) {
        let mut state = self.lock();
        if state.over.is_some() {
            return;
        }
        state.over = Some(why);
        let mut wakers: Vec<_> = state.places.values_mut().filter_map(|place| place.waker.take()).collect();
        wakers.extend(state.watchers.drain().map(|(_, waker)| waker));
        drop(state);
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Why no answer can come any more; none while one can.
    pub fn why(&self) -> Option<E>
    where
        E: Clone,
    {
        self.lock().over.clone()
    }

    /// Resolves when no answer can come any more.
    pub fn ended(self: &Arc<Self>) -> impl Future<Output = ()> + Send + use<E>
    where
        E: Send,
    {
        let owner = self.lock().number();
        Watch { waiting: Arc::clone(self), owner }
    }
}

impl<E> fmt::Debug for Waiting<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        f.debug_struct("Waiting")
            .field("requests", &state.places.len())
            .field("over", &state.over.is_some())
            .finish()
    }
}

/// One request that waits in a [`Waiting`]: it resolves with the answer, or with none when none can come any more. Dropped, it gives
/// the request up.
#[derive(Debug)]
#[must_use = "it gives the request up when it is dropped"]
pub struct Wait<E = ()> {
    waiting: Arc<Waiting<E>>,
    id: Id,
    owner: u64,
}

impl<E> Future for Wait<E> {
    type Output = Option<Bytes>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let mut state = self.waiting.lock();
        let State { places, over, .. } = &mut *state;
        let Some(place) = places.get_mut(&self.id).filter(|place| place.owner == self.owner) else {
            return Poll::Ready(None);
        };
        if let Some(answer) = place.answer.take() {
            places.remove(&self.id);
            return Poll::Ready(Some(answer));
        }
        if over.is_some() {
            return Poll::Ready(None);
        }
        match &mut place.waker {
            Some(waker) => waker.clone_from(cx.waker()),
            none => *none = Some(cx.waker().clone()),
        }
        Poll::Pending
    }
}

impl<E> Drop for Wait<E> {
    fn drop(&mut self) {
        let mut state = self.waiting.lock();
        if state.places.get(&self.id).is_some_and(|place| place.owner == self.owner) {
            state.places.remove(&self.id);
        }
    }
}

struct Watch<E> {
    waiting: Arc<Waiting<E>>,
    owner: u64,
}

impl<E> Future for Watch<E> {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut state = self.waiting.lock();
        if state.over.is_some() {
            return Poll::Ready(());
        }
        state.watchers.insert(self.owner, cx.waker().clone());
        Poll::Pending
    }
}

impl<E> Drop for Watch<E> {
    fn drop(&mut self) {
        self.waiting.lock().watchers.remove(&self.owner);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        pin::pin,
        sync::atomic::{AtomicUsize, Ordering},
        task::Wake,
    };

    use super::*;

    #[derive(Default)]
    struct Wakes(AtomicUsize);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn poll<F: Future + Unpin>(future: &mut F, wakes: &Arc<Wakes>) -> Poll<F::Output> {
        Pin::new(future).poll(&mut Context::from_waker(&Waker::from(Arc::clone(wakes))))
    }

    #[test]
    fn an_answer_wakes_whoever_waits_for_it_and_nobody_else() {
        let (waiting, one, two) = (Arc::new(Waiting::<()>::default()), Arc::default(), Arc::default());
        let mut first = waiting.expect(1.into()).unwrap();
        let mut second = waiting.expect(2.into()).unwrap();
        assert!(poll(&mut first, &one).is_pending() && poll(&mut second, &two).is_pending());
        assert!(waiting.answer(&2.into(), "2".into()));
        assert_eq!((one.0.load(Ordering::Relaxed), two.0.load(Ordering::Relaxed)), (0, 1));
        assert_eq!(poll(&mut second, &two), Poll::Ready(Some("2".into())));
        assert!(poll(&mut first, &one).is_pending());
    }

    #[test]
    fn the_last_one_to_poll_is_woken() {
        let (waiting, one, two) = (Arc::new(Waiting::<()>::default()), Arc::default(), Arc::default());
        let mut wait = waiting.expect(1.into()).unwrap();
        assert!(poll(&mut wait, &one).is_pending() && poll(&mut wait, &two).is_pending());
        waiting.answer(&1.into(), "1".into());
        assert_eq!((one.0.load(Ordering::Relaxed), two.0.load(Ordering::Relaxed)), (0, 1));
    }

    #[test]
    fn an_answer_may_come_before_anybody_asks_whether_it_did() {
        let (waiting, wakes) = (Arc::new(Waiting::<()>::default()), Arc::default());
        let mut wait = waiting.expect(1.into()).unwrap();
        assert!(waiting.answer(&1.into(), "first".into()));
        assert!(!waiting.answer(&1.into(), "second".into()));
        waiting.end(());
        assert_eq!(poll(&mut wait, &wakes), Poll::Ready(Some("first".into())));
        assert_eq!(poll(&mut wait, &wakes), Poll::Ready(None));
    }

    #[test]
    fn nothing_is_kept_of_a_request_that_is_over_or_given_up() {
        let (waiting, wakes) = (Arc::new(Waiting::<()>::default()), Arc::default());
        let mut answered = waiting.expect(1.into()).unwrap();
        let given_up = waiting.expect(2.into()).unwrap();
        waiting.answer(&1.into(), "1".into());
        waiting.answer(&2.into(), "2".into());
        assert!(poll(&mut answered, &wakes).is_ready());
        drop(given_up);
        assert!(waiting.lock().places.is_empty());
        assert!(!waiting.answer(&2.into(), "late".into()));
        let mut watch = pin!(waiting.ended());
        assert!(watch.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(waiting.lock().watchers.len(), 1);
    }

    #[test]
    fn the_end_reaches_all_who_wait_for_an_answer_or_for_the_end() {
        let (waiting, wakes) = (Arc::new(Waiting::<u8>::default()), Arc::default());
        let mut wait = waiting.expect(1.into()).unwrap();
        let mut watch = Box::pin(waiting.ended());
        drop(waiting.ended());
        assert!(poll(&mut wait, &wakes).is_pending() && poll(&mut watch, &wakes).is_pending());
        assert_eq!(waiting.why(), None);
        waiting.end(1);
        waiting.end(2);
        assert_eq!(wakes.0.load(Ordering::Relaxed), 2);
        assert_eq!((poll(&mut wait, &wakes), poll(&mut watch, &wakes)), (Poll::Ready(None), Poll::Ready(())));
        assert_eq!(waiting.why(), Some(1));
        assert!(!waiting.answer(&1.into(), "late".into()));
    }

    #[test]
    fn an_id_in_use_is_taken_over() {
        let (waiting, wakes) = (Arc::new(Waiting::<()>::default()), Arc::default());
        let mut old = waiting.expect(1.into()).unwrap();
        assert!(poll(&mut old, &wakes).is_pending());
        let mut new = waiting.expect(1.into()).unwrap();
        assert_eq!(wakes.0.load(Ordering::Relaxed), 1);
        assert_eq!(poll(&mut old, &wakes), Poll::Ready(None));
        drop(old);
        waiting.answer(&1.into(), "1".into());
        assert_eq!(poll(&mut new, &wakes), Poll::Ready(Some("1".into())));
    }
}
