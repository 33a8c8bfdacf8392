use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use toolwright_core::joint::{Attach, Connect, ConnectError, Endpoint as _, Link};
use toolwright_server::{Server, ServerBuilder, StateKeys};

use super::{
    Incident,
    journals::Journals,
    trouble::{Trouble, Way},
};
use crate::write_once::{
    effects::{Counted, Effects},
    target::built,
};

/// Two servers that a load balancer sends messages to in turn, and what goes wrong with them.
#[derive(Clone)]
pub(in crate::write_once) struct Stage(Arc<Inner>);

pub(super) struct Inner {
    pub(super) incident: Option<Incident>,
    pub(super) effects: Effects,
    pub(super) journals: Option<Journals>,
    replicas: Vec<Server>,
    /// Those with the new key, for after a rotation.
    successors: Vec<Server>,
    /// The one that dies.
    pub(super) doomed: Option<Server>,
    pub(super) rotated: AtomicBool,
    pages: AtomicUsize,
    noted: Mutex<Noted>,
    trouble: Mutex<Option<Arc<Trouble>>>,
}

/// What is known of a call after it.
#[derive(Clone, Debug, Default)]
pub(in crate::write_once) struct Noted {
    /// What had happened when each round began, the first request included.
    pub(in crate::write_once) rounds: Vec<Counted>,
    /// How often the round that something went wrong with was run beside the one run that it needs.
    pub(in crate::write_once) more_runs: usize,
    /// What happened in steps that nobody knows the end of.
    pub(in crate::write_once) unknown: Counted,
    /// Replies to a request that came again, where they are not the first one.
    pub(in crate::write_once) other_replies: Vec<(String, String)>,
    /// Whether the fault struck after the round was over, so that it can strike no later.
    pub(in crate::write_once) too_late: bool,
}

impl Stage {
    pub(in crate::write_once) fn new(
        effects: Effects,
        with_store: bool,
        incident: Option<Incident>,
        server: impl Fn() -> ServerBuilder,
    ) -> Self {
        let (old, new) = ("0d".repeat(32), "4e".repeat(32));
        let keys = |text: String| text.parse::<StateKeys>().expect("64 digits are a key");
        let (keys, next_keys) = (keys(old.clone()), keys(format!("{new},{old}")));
        let journals = with_store.then(|| Journals::new(effects.clone()));
        let replica = |keys: &StateKeys| {
            let builder = server().state_keys(keys.clone());
            built(match &journals {
                Some(journals) => builder.journal_store(journals.clone()),
                None => builder,
            })
        };
        let is = |fault| incident.is_some_and(|incident| incident.fault == fault);
        let successors = if is(super::Fault::KeyRotated) { 2 } else { 0 };
        let inner = Inner {
            replicas: (0..2).map(|_| replica(&keys)).collect(),
            successors: (0..successors).map(|_| replica(&next_keys)).collect(),
            doomed: is(super::Fault::ReplicaKilled).then(|| replica(&keys)),
            incident,
            effects,
            journals,
            rotated: AtomicBool::new(false),
            pages: AtomicUsize::new(1),
            noted: Mutex::default(),
            trouble: Mutex::default(),
        };
        Self(Arc::new(inner))
    }

    /// The servers that web pages are served by, one after the other.
    pub(in crate::write_once) fn page(&self) -> Server {
        let inner = &*self.0;
        let serving = if inner.rotated.load(Ordering::Acquire) { &inner.successors } else { &inner.replicas };
        serving[inner.pages.fetch_add(1, Ordering::Relaxed) % serving.len()].clone()
    }

    /// What goes wrong after the call.
    pub(in crate::write_once) async fn after(&self) {
        let trouble = self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(trouble) = trouble {
            trouble.after().await;
        }
    }

    /// Waits for what still runs, and tells what is known.
    pub(in crate::write_once) async fn end(self) -> Noted {
        for server in self.0.replicas.iter().chain(&self.0.successors) {
            server.stop().await;
        }
        self.0.noted().clone()
    }
}

impl Inner {
    pub(super) fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connect for Stage {
    async fn connect(&self, attach: Attach) -> Result<Arc<dyn Link>, ConnectError> {
        let mut links = [Vec::new(), Vec::new()];
        for (servers, links) in [&self.0.replicas, &self.0.successors].into_iter().zip(&mut links) {
            for server in servers {
                links.push(server.connect(attach.clone()).await?);
            }
        }
        let [links, successors] = links;
        let trouble = Arc::new(Trouble::new(Arc::clone(&self.0), attach, links, successors));
        *self.0.trouble.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&trouble));
        Ok(Arc::new(Way(trouble)))
    }
}

impl fmt::Debug for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stage").field("incident", &self.0.incident).finish_non_exhaustive()
    }
}
