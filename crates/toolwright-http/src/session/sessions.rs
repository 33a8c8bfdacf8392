use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::StatusCode;
use toolwright_core::{
    era::Served,
    joint::{Endpoint, Principal, Refused},
    jsonrpc::RpcError,
};

use super::{
    entry::{Entry, Home, Kind},
    sweep::sweep,
    table::Table,
};
use crate::{events::SharedEventStore, server::SessionMode};

/// The sessions of one endpoint: a bounded table, and one task that ends idle ones while there are any.
pub(crate) struct Sessions {
    pub(super) endpoint: Arc<dyn Endpoint>,
    pub(super) served: Served,
    pub(super) terms: Terms,
    pub(super) home: Arc<Home>,
    table: Mutex<Table>,
}

/// What sessions there are, how many and how long.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Terms {
    pub(crate) mode: SessionMode,
    /// Most sessions at a time.
    pub(crate) most: usize,
    /// A session ends after this time without activity.
    pub(crate) idle: Duration,
}

impl Sessions {
    /// No session yet. Without a store for events, streams end with their connections.
    pub(crate) fn new(
        endpoint: Arc<dyn Endpoint>,
        terms: Terms,
        events: Option<SharedEventStore>,
    ) -> Arc<Self> {
        let surface = endpoint.surface();
        let (served, home) = (surface.served, Arc::new(Home::new(surface.limits.clone(), events)));
        Arc::new(Self { endpoint, served, terms, home, table: Mutex::default() })
    }

    /// Whether `initialize` opens sessions here.
    pub(crate) fn are_offered(&self) -> bool {
        self.terms.mode != SessionMode::Off && self.served.latest_session().is_some()
    }

    /// A new session, which nobody finds before it is [entered](Self::enter).
    pub(crate) fn open(&self, principal: Option<&Principal>, kind: Kind) -> Arc<Entry> {
        Entry::new(&*self.endpoint, Arc::clone(&self.home), principal, kind)
    }

    /// Makes a session known. When there are too many, the one that was idle for longest ends.
    ///
    /// # Errors
    /// 503 when there are too many and none is idle.
    pub(crate) fn enter(self: &Arc<Self>, entry: Arc<Entry>) -> Result<(), Refused> {
        let rests = self.home.rests();
        let mut table = self.table();
        let mut evicted = None;
        if table.len() >= self.terms.most {
            evicted = table.evict(rests);
            if evicted.is_none() {
                drop(table);
                tracing::warn!(most = self.terms.most, "there are too many sessions, and all are active");
                return Err(full());
            }
        }
        entry.touch();
        table.insert(entry);
        if table.sweeper.is_none() {
            table.sweeper = Some(tokio::spawn(sweep(Arc::downgrade(self))).abort_handle());
        }
        drop(table);
        if let Some(evicted) = evicted {
            tracing::debug!(most = self.terms.most, "the session that was idle for longest makes room");
            evicted.end();
        }
        Ok(())
    }

    /// The session of this name that `principal` opened over this kind of endpoint.
    pub(crate) fn get(&self, id: &str, principal: Option<&Principal>, kind: Kind) -> Option<Arc<Entry>> {
        let table = self.table();
        let entry = table.get(id).filter(|entry| entry.belongs_to(principal, kind))?;
        let now = self.home.now();
        let expired = entry.idle_since().is_some_and(|since| now.saturating_sub(since) >= self.idle_nanos());
        if expired {
            // The sweeper takes it out soon.
            return None;
        }
        entry.touch_at(now);
        Some(Arc::clone(entry))
    }

    /// Ends a session.
    pub(crate) fn remove(&self, id: &str) {
        let removed = self.table().remove(id);
        if let Some(entry) = removed {
            entry.end();
        }
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.table().len()
    }

    /// Ends them all, and with them their streams.
    pub(crate) fn close_all(&self) {
        let removed = self.table().clear();
        for entry in removed {
            entry.end();
        }
    }

    pub(super) fn idle_nanos(&self) -> u64 {
        u64::try_from(self.terms.idle.as_nanos()).unwrap_or(u64::MAX)
    }

    pub(super) fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn full() -> Refused {
    let error = RpcError::internal_error("the server has too many active sessions; try again later");
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, error)
}

impl Drop for Sessions {
    fn drop(&mut self) {
        let table = self.table.get_mut().unwrap_or_else(PoisonError::into_inner);
        if let Some(sweeper) = table.sweeper.take() {
            sweeper.abort();
        }
        for entry in table.clear() {
            entry.end();
        }
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("terms", &self.terms)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::advance;

    use super::*;
    use crate::session::double::{Double, IDLE, TERMS, sessions};

    fn opened(sessions: &Arc<Sessions>) -> Arc<Entry> {
        let entry = sessions.open(None, Kind::Streamable);
        sessions.enter(Arc::clone(&entry)).unwrap();
        entry
    }

    fn lives(sessions: &Sessions, entry: &Entry) -> bool {
        sessions.table().get(entry.id()).is_some()
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_session_ends_and_one_that_is_used_lives_on() {
        let sessions = sessions(TERMS);
        let (used, idle) = (opened(&sessions), opened(&sessions));
        for _ in 0..4 {
            tokio::time::sleep(IDLE / 2).await;
            assert!(sessions.get(used.id(), None, Kind::Streamable).is_some());
        }
        assert!(sessions.get(idle.id(), None, Kind::Streamable).is_none());
        assert_eq!(sessions.len(), 1);
        tokio::time::sleep(3 * IDLE).await;
        assert_eq!(sessions.len(), 0);
        assert!(sessions.table().sweeper.is_none(), "nothing is left to sweep");
    }

    #[tokio::test(start_paused = true)]
    async fn a_session_past_its_time_is_unknown_even_before_it_is_swept() {
        let sessions = sessions(TERMS);
        let entry = opened(&sessions);
        advance(IDLE).await;
        assert!(sessions.get(entry.id(), None, Kind::Streamable).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn running_requests_and_open_streams_are_activity() {
        let sessions = sessions(TERMS);
        let entry = opened(&sessions);
        let request = entry.begin();
        tokio::time::sleep(3 * IDLE).await;
        let stream = entry.begin_reading().unwrap();
        drop(request);
        tokio::time::sleep(3 * IDLE).await;
        assert!(lives(&sessions, &entry));
        drop(stream);
        tokio::time::sleep(IDLE / 2).await;
        assert!(lives(&sessions, &entry), "idleness counts from the end of activity");
        tokio::time::sleep(2 * IDLE).await;
        assert!(!lives(&sessions, &entry));
    }

    #[tokio::test(start_paused = true)]
    async fn at_the_cap_the_longest_idle_session_goes() {
        let sessions = sessions(TERMS);
        let mut all = Vec::new();
        for _ in 0..3 {
            all.push(opened(&sessions));
            advance(Duration::from_secs(1)).await;
        }
        sessions.get(all[0].id(), None, Kind::Streamable).unwrap();
        let _running = all[1].begin();
        advance(Duration::from_secs(1)).await;
        all.push(opened(&sessions));
        assert_eq!(living(&sessions, &all), [true, true, false, true]);
        advance(Duration::from_secs(1)).await;
        all.push(opened(&sessions));
        assert_eq!(living(&sessions, &all), [false, true, false, true, true]);
        assert_eq!(sessions.len(), 3);
    }

    fn living(sessions: &Sessions, all: &[Arc<Entry>]) -> Vec<bool> {
        all.iter().map(|entry| lives(sessions, entry)).collect()
    }

    #[tokio::test(start_paused = true)]
    async fn when_all_are_active_a_new_session_is_refused_until_one_rests() {
        let sessions = sessions(TERMS);
        let mut running: Vec<_> = (0..3).map(|_| opened(&sessions).begin()).collect();
        let newcomer = sessions.open(None, Kind::Streamable);
        for _ in 0..2 {
            let refused = sessions.enter(Arc::clone(&newcomer)).unwrap_err();
            assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
        }
        running.pop();
        sessions.enter(newcomer).unwrap();
        assert_eq!(sessions.len(), 3);
    }

    #[tokio::test]
    async fn a_session_is_found_by_who_opened_it_and_over_the_endpoint_it_was_opened_at() {
        let sessions = sessions(TERMS);
        let (ada, bob) = (Principal::new("ada"), Principal::new("bob"));
        let entry = sessions.open(Some(&ada), Kind::Pair);
        sessions.enter(Arc::clone(&entry)).unwrap();
        let found = |caller, kind| sessions.get(entry.id(), caller, kind).is_some();
        assert!(found(Some(&ada), Kind::Pair));
        assert!(!found(Some(&bob), Kind::Pair) && !found(None, Kind::Pair));
        assert!(!found(Some(&ada), Kind::Streamable));
    }

    #[tokio::test]
    async fn every_end_closes_the_session_once() {
        let endpoint = Arc::new(Double::default());
        let sessions = Sessions::new(Arc::clone(&endpoint) as _, Terms { most: 5, ..TERMS }, None);
        let entries: Vec<_> = (0..4).map(|_| opened(&sessions)).collect();
        let closed = || endpoint.closed.load(std::sync::atomic::Ordering::Relaxed);
        sessions.remove(entries[0].id());
        sessions.remove(entries[0].id());
        assert_eq!((closed(), sessions.len()), (1, 3));
        sessions.close_all();
        assert_eq!((closed(), sessions.len()), (4, 0));
        opened(&sessions);
        drop(sessions);
        assert_eq!(closed(), 5);
    }
}
