use std::{
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use tokio::{runtime::Handle, task::AbortHandle, time::Instant};
use toolwright_core::{
    Raw,
    jsonrpc::{ErrorCode, RpcError},
};
use toolwright_store::{Insertion, KeyValue, SharedKeyValue, StoreError, Swap};

use super::step::Step;
use crate::{
    HandlerError,
    session::{Key, RandomId},
};

/// How long a claim is good that nobody renews, because its replica died.
const LEASE: Duration = Duration::from_secs(15);
/// How often it is renewed.
const RENEWED: Duration = Duration::from_secs(5);
/// The longest pause between two looks at the claim of another.
const LONGEST_PAUSE: Duration = Duration::from_millis(250);
/// How long a claim is there after it was given back: as good as not at all.
const GONE: Duration = Duration::from_millis(1);

/// Where replicas agree on who serves a round.
#[derive(Debug)]
pub(crate) struct Claims {
    store: SharedKeyValue,
    /// Whether other replicas cannot see it.
    pub(crate) local: bool,
}

/// A round of a call, as far as others can know of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Round {
    pub(super) journal: String,
    pub(super) round: u32,
}

/// What the store has of a round.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Entry {
    /// Somebody serves it, who is known by this.
    Claimed(String),
    /// What it came to.
    Result(Raw),
    Error(RpcError),
    /// Nobody serves it any more, and it came to nothing.
    Free(()),
}

/// What a request finds that wants to serve a round.
pub(crate) enum Claimed {
    /// It is the first.
    Mine(Arc<Claim>),
    /// Another request was first, and this was the reply to it.
    Served(Result<Raw, RpcError>),
}

/// The right to serve a round. Dropped without a reply, it is given back.
#[derive(Debug)]
pub(crate) struct Claim {
    held: Arc<Held>,
    server: String,
    journal: String,
    kept_for: Duration,
    renewing: AbortHandle,
    fulfilled: AtomicBool,
}

/// The entry that says so.
#[derive(Debug)]
struct Held {
    store: SharedKeyValue,
    key: String,
    mine: Bytes,
    /// When another replica may take over, unless the store is told before that this one lives.
    good_until: Mutex<Instant>,
}

impl Claims {
    pub(crate) fn new(store: impl KeyValue) -> Self {
        let local = (&store as &dyn std::any::Any).is::<toolwright_store::MemoryKeyValue>();
        Self { store: SharedKeyValue::new(store), local }
    }

    /// Claims a round of a call for this request, or waits for the reply to the one that did.
    ///
    /// `kept_for` is how long the reply is there for those that come later.
    ///
    /// # Errors
    /// When the store fails; the request must not be served then.
    pub(crate) async fn claim(
        &self,
        server: &str,
        Round { journal, round }: Round,
        kept_for: Duration,
    ) -> Result<Claimed, StoreError> {
        let key = key(server, &journal, "round", &round.to_string());
        let name = RandomId::mint().map_err(StoreError::unavailable)?;
        let mine = entry(&Entry::Claimed(name.to_string()));
        let mut pause = Duration::from_millis(5);
        loop {
            let asked = Instant::now();
            match self.store.put_if_absent(&key, mine.clone(), Some(LEASE)).await? {
                Insertion::Inserted => {
                    let good_until = Mutex::new(asked + LEASE);
                    let held = Arc::new(Held { store: self.store.clone(), key, mine, good_until });
                    let renewing = tokio::spawn(Arc::clone(&held).renew()).abort_handle();
                    let fulfilled = AtomicBool::new(false);
                    return Ok(Claimed::Mine(Arc::new(Claim {
                        held,
                        server: server.to_owned(),
                        journal,
                        kept_for,
                        renewing,
                        fulfilled,
                    })));
                }
                Insertion::Present(other) => match serde_json::from_slice(&other) {
                    Ok(Entry::Result(result)) => return Ok(Claimed::Served(Ok(result))),
                    Ok(Entry::Error(error)) => return Ok(Claimed::Served(Err(error))),
                    // Whoever it is, is alive, or the entry ends by itself.
                    Ok(Entry::Claimed(_) | Entry::Free(())) => {
                        tokio::time::sleep(pause).await;
                        pause = (pause * 2).min(LONGEST_PAUSE);
                    }
                    Err(error) => return Err(StoreError::refused(error)),
                },
            }
        }
    }
}

impl Held {
    async fn renew(self: Arc<Self>) {
        loop {
            tokio::time::sleep(RENEWED).await;
            let (now, mine) = (Instant::now(), self.mine.clone());
            match self.store.compare_and_swap(&self.key, mine.clone(), mine, Some(LEASE)).await {
                Ok(Swap::Swapped) => *self.good_until() = now + LEASE,
                Ok(Swap::Different(_)) => {
                    *self.good_until() = now;
                    return;
                }
                Err(error) => failed(&error, "a claim was not renewed"),
            }
        }
    }

    fn good_until(&self) -> MutexGuard<'_, Instant> {
        self.good_until.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Claim {
    /// What came of a step, if a replica took it that did not live to see the end of the round.
    ///
    /// # Errors
    /// When nobody can know whether the step was taken, or whether another replica takes it.
    pub(super) async fn step(&self, name: &str) -> Result<Option<Step>, HandlerError> {
        if *self.held.good_until() <= Instant::now() {
            return Err("the store for journals could not be reached for too long, so that another replica may serve \
                        this round by now"
                .into());
        }
        let found = self.held.store.get(&self.step_key(name)).await.map_err(|error| {
            failed(&error, "a step was not looked for");
            HandlerError::from("the store for journals cannot say whether the step was taken; try again")
        })?;
        let step = found.map(|found| serde_json::from_slice(&found));
        step.transpose().map_err(|error| format!("what the store for journals has of a step: {error}").into())
    }

    /// Keeps what came of a step for a replica that has to serve the round once more.
    pub(super) async fn keep_step(&self, name: &str, step: &Step) {
        let written = serde_json::to_vec(step).expect("JSON and text can always be written");
        let kept = self.held.store.put(&self.step_key(name), written.into(), Some(self.kept_for)).await;
        let _ = kept.inspect_err(|error| failed(error, "a step was not kept"));
    }

    fn step_key(&self, name: &str) -> String {
        key(&self.server, &self.journal, "step", name)
    }

    /// Keeps the reply for whoever sends the request again.
    pub(crate) async fn fulfil(&self, outcome: &Result<Raw, RpcError>) {
        let written = match outcome {
            Ok(result) => entry(&Entry::Result(result.clone())),
            // The client may declare what it lacks with the next try.
            Err(error) if error.code == ErrorCode::MISSING_CLIENT_CAPABILITY => return,
            Err(error) => entry(&Entry::Error(error.clone())),
        };
        let Held { store, key, mine, .. } = &*self.held;
        match store.compare_and_swap(key, mine.clone(), written, Some(self.kept_for)).await {
            Ok(Swap::Swapped) => self.fulfilled.store(true, Ordering::Release),
            Ok(Swap::Different(_)) => {
                tracing::warn!("a round took so long that another replica serves it as well by now");
            }
            Err(error) => failed(&error, "a reply was not kept"),
        }
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        self.renewing.abort();
        if self.fulfilled.load(Ordering::Acquire) {
            return;
        }
        // Without a runtime it ends by itself.
        if let Ok(runtime) = Handle::try_current() {
            let held = Arc::clone(&self.held);
            runtime.spawn(async move {
                let free = entry(&Entry::Free(()));
                let _ = held.store.compare_and_swap(&held.key, held.mine.clone(), free, Some(GONE)).await;
            });
        }
    }
}

fn failed(error: &StoreError, what: &str) {
    tracing::warn!(%error, "{what} in the store for journals");
}

fn entry(entry: &Entry) -> Bytes {
    serde_json::to_vec(entry).expect("JSON and text can always be written").into()
}

/// Where the store has a part of a journal.
fn key(server: &str, journal: &str, what: &str, name: &str) -> String {
    let mut key = Key::new(server);
    key.part("journal").part(journal).part(what).part(name);
    key.into()
}
