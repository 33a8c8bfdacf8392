use std::{
    any::Any,
    collections::{BTreeSet, HashMap},
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak,
        atomic::{AtomicI64, Ordering},
    },
};

use bytes::Bytes;
use tokio::sync::oneshot;
use toolwright_core::{
    Raw,
    era::{Era, Revision},
    joint::{Closed, Outlet, SendError, Session},
    jsonrpc::{Id, RpcError, encode},
    model::{ClientCapabilities, Implementation, LoggingLevel},
};

use crate::{
    Context,
    context::WeakContext,
    hub::{Change, Joined, covers},
    session::RandomId,
};

/// The memory of one connection: what `initialize` agreed on, which requests run, which questions are open.
///
/// Requests of stateless revisions only use the table of running requests, which stdio needs for `notifications/cancelled`.
pub(crate) struct Connection {
    outlet: Arc<dyn Outlet>,
    state: Mutex<State>,
    next_question: AtomicI64,
    /// Its place among those that are told of changes.
    joined: OnceLock<Joined>,
}

#[derive(Default)]
struct State {
    agreed: Option<Agreed>,
    level: Option<LoggingLevel>,
    subscriptions: BTreeSet<String>,
    running: HashMap<Id, WeakContext>,
    questions: HashMap<i64, oneshot::Sender<Result<Raw, RpcError>>>,
    /// What the client answered when it was asked for its roots, until it says that they changed.
    roots: Option<Raw>,
    /// How often it said so.
    roots_changed: u64,
    /// Changes that the client is still to be told of.
    owed: BTreeSet<Change>,
    /// Nothing more comes in.
    deaf: bool,
    closed: bool,
}

/// What `initialize` agreed on.
#[derive(Clone, Debug)]
pub(crate) struct Agreed {
    pub(crate) era: Era,
    pub(crate) capabilities: Arc<ClientCapabilities>,
    pub(crate) info: Arc<Implementation>,
    /// Names the session to the store that keeps its state.
    pub(crate) session: Option<RandomId>,
}

/// Why a question to the client has no answer.
#[derive(Debug)]
pub(crate) enum Unanswered {
    Gone,
    Refused(RpcError),
}

impl Connection {
    pub(crate) fn new(outlet: Arc<dyn Outlet>) -> Arc<Self> {
        Arc::new(Self {
            outlet,
            state: Mutex::default(),
            next_question: AtomicI64::new(1),
            joined: OnceLock::new(),
        })
    }

    /// The engine's own connection behind a transport's handle, if it is one of ours.
    pub(crate) fn of(session: Arc<dyn Session>) -> Option<Arc<Self>> {
        let any: Arc<dyn Any + Send + Sync> = session;
        any.downcast().ok()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn agreed(&self) -> Option<Agreed> {
        self.state().agreed.clone()
    }

    pub(crate) fn agree(&self, agreed: Agreed) {
        self.state().agreed = Some(agreed);
    }

    /// The least level of log messages that this client wants. Until it says so, everything from `info` on
    /// (2025-11-25, "Logging").
    pub(crate) fn level(&self) -> LoggingLevel {
        self.state().level.unwrap_or(LoggingLevel::Info)
    }

    pub(crate) fn set_level(&self, level: LoggingLevel) {
        self.state().level = Some(level);
    }

    /// Remembers a subscription; `false` when there are too many.
    pub(crate) fn subscribe(&self, uri: &str, most: usize) -> bool {
        let subscriptions = &mut self.state().subscriptions;
        if !subscriptions.contains(uri) && subscriptions.len() >= most {
            return false;
        }
        subscriptions.insert(uri.to_owned());
        true
    }

    pub(crate) fn unsubscribe(&self, uri: &str) {
        self.state().subscriptions.remove(uri);
    }

    pub(crate) fn is_subscribed(&self, uri: &str) -> bool {
        self.state().subscriptions.iter().any(|watched| covers(watched, uri))
    }

    /// Enters a request; `false` when its id is already running.
    pub(crate) fn enter(&self, id: &Id, context: &Context) -> bool {
        match self.state().running.entry(id.clone()) {
            std::collections::hash_map::Entry::Occupied(_) => false,
            std::collections::hash_map::Entry::Vacant(slot) => {
                slot.insert(context.downgrade());
                true
            }
        }
    }

    /// The request is over. Its id may be that of another one by now.
    pub(crate) fn leave(&self, id: &Id, context: &Context) {
        let running = &mut self.state().running;
        if let Some((id, entered)) = running.remove_entry(id)
            && !entered.is(context)
        {
            running.insert(id, entered);
        }
    }

    /// Cancels a running request; unknown ids are ignored, for they may just have ended ("Cancellation").
    ///
    /// The client no longer waits for it, so its id is free at once.
    pub(crate) fn cancel(&self, id: &Id) {
        let entered = self.state().running.remove(id);
        if let Some(context) = entered.as_ref().and_then(WeakContext::upgrade) {
            context.cancel();
        }
    }

    /// Sends a request to the client over `outlet` and waits for its answer.
    pub(crate) async fn ask(
        &self,
        outlet: &dyn Outlet,
        method: &str,
        params: &Raw,
    ) -> Result<Raw, Unanswered> {
        let id = self.next_question.fetch_add(1, Ordering::Relaxed);
        let (sender, receiver) = oneshot::channel();
        {
            let mut state = self.state();
            if state.closed || state.deaf {
                return Err(Unanswered::Gone);
            }
            state.questions.insert(id, sender);
        }
        let _forget = Forget { connection: self, id };
        let message =
            encode::request(&Id::Integer(id), method, params).expect("JSON text can always be written");
        outlet.send(message).await.map_err(|Closed| Unanswered::Gone)?;
        match receiver.await {
            Ok(outcome) => outcome.map_err(Unanswered::Refused),
            Err(_) => Err(Unanswered::Gone),
        }
    }

    /// The roots as the client gave them last, and how often it has changed them.
    pub(crate) fn roots(&self) -> (Option<Raw>, u64) {
        let state = self.state();
        (state.roots.clone(), state.roots_changed)
    }

    /// Remembers the roots, unless the client changed them since they were asked for.
    pub(crate) fn keep_roots(&self, roots: Raw, changed: u64) {
        let mut state = self.state();
        if state.roots_changed == changed {
            state.roots = Some(roots);
        }
    }

    /// The client's roots changed.
    pub(crate) fn forget_roots(&self) {
        let mut state = self.state();
        state.roots = None;
        state.roots_changed += 1;
    }

    /// The client's answer to a question of ours; late and unknown ones are ignored.
    pub(crate) fn answer(&self, id: &Id, outcome: Result<Raw, RpcError>) {
        let Id::Integer(id) = id else { return };
        let waiting = self.state().questions.remove(id);
        if let Some(waiting) = waiting {
            // The question may have been given up in this very moment.
            let _ = waiting.send(outcome);
        }
    }

    /// Tells the client of a change that it has to hear of: lists unasked, resources if it subscribed.
    ///
    /// To a client that does not keep up, each change is told once, when it does.
    pub(crate) fn tell(self: &Arc<Self>, change: &Change) {
        match change {
            Change::Resource(uri) if !self.is_subscribed(uri) => return,
            Change::Other { .. } => return,
            _ => {}
        }
        {
            let mut state = self.state();
            if !state.owed.is_empty() {
                state.owed.insert(change.clone());
                return;
            }
        }
        if let Err(SendError::Full(_)) = self.outlet.try_send(change.message(None))
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            self.state().owed.insert(change.clone());
            let connection = Arc::clone(self);
            runtime.spawn(async move { connection.tell_owed().await });
        }
    }

    /// Sends a notification, if there is room for it.
    pub(crate) fn notify(&self, message: Bytes) {
        // Clients cope without; nobody waits for them here.
        let _ = self.outlet.try_send(message);
    }

    async fn tell_owed(&self) {
        loop {
            let change = self.state().owed.first().cloned();
            let Some(change) = change else { return };
            let sent = self.outlet.send(change.message(None)).await;
            let mut state = self.state();
            state.owed.remove(&change);
            if sent.is_err() || state.closed {
                state.owed.clear();
            }
        }
    }

    /// Enters it among those that are told of changes, unless it is there already.
    pub(crate) fn joined(&self, join: impl FnOnce() -> Joined) {
        self.joined.get_or_init(join);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.state().closed
    }
}

impl Session for Connection {
    fn revision(&self) -> Option<Revision> {
        self.state().agreed.as_ref().map(|agreed| agreed.era.revision())
    }

    fn end_of_input(&self) {
        let questions = {
            let mut state = self.state();
            state.deaf = true;
            std::mem::take(&mut state.questions)
        };
        drop(questions);
    }

    fn close(&self) {
        let (running, questions) = {
            let mut state = self.state();
            state.closed = true;
            (std::mem::take(&mut state.running), std::mem::take(&mut state.questions))
        };
        drop(questions);
        for context in running.into_values().filter_map(|context| context.upgrade()) {
            context.cancel();
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection").field("agreed", &self.agreed()).finish_non_exhaustive()
    }
}

/// Takes the question out of the table, however the wait for its answer ends.
struct Forget<'a> {
    connection: &'a Connection,
    id: i64,
}

impl Drop for Forget<'_> {
    fn drop(&mut self) {
        self.connection.state().questions.remove(&self.id);
    }
}

/// A connection that is not kept alive.
pub(crate) type WeakConnection = Weak<Connection>;
