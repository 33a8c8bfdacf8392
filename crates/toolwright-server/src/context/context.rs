use std::{
    collections::HashMap,
    fmt,
    net::SocketAddr,
    sync::{
        Arc, Mutex, OnceLock, PoisonError, Weak,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use toolwright_core::{
    era::{Era, Revision},
    joint::{Closed, Outlet, Principal, Transport},
    jsonrpc::Id,
    model::{ClientCapabilities, Implementation, LoggingLevel, Method, ProgressToken, RequestMeta},
};

use super::{
    Ambient,
    cancel::Switch,
    clock::{Clock, Paused},
    progress::Reported,
};
use crate::{
    Notifier, Server,
    call::{Capabilities, Metadata, Target},
    component::Requirement,
    connection::{Agreed, Connection},
    engine::Engine,
    journal::{Rounds, Schema},
    question::SharedAsker,
};

/// The call that a handler serves: who asks, what they can do, and what can be said to them before the result.
///
/// Cheap to clone, and owned. It may be kept, but once the reply is out it is closed: progress and logs go nowhere, and
/// questions fail.
///
/// # Example
/// ```
/// use toolwright_server::{Context, HandlerError};
///
/// async fn index(context: &Context, pages: u32) -> Result<String, HandlerError> {
///     for page in 0..pages {
///         context.progress(page + 1, pages);
///     }
///     context.info(format!("indexed {pages} pages"));
///     Ok("done".into())
/// }
/// # let _ = index;
/// ```
#[derive(Clone)]
pub struct Context(Arc<Inner>);

struct Inner {
    engine: Arc<Engine>,
    origin: Origin,
    ambient: Ambient,
    agreed: Option<Agreed>,
    asker: Option<SharedAsker>,
    rounds: OnceLock<Box<Rounds>>,
    nested: Option<Box<Nested>>,
    subject: OnceLock<Subject>,
    keys: OnceLock<Box<Keys>>,
    cancelled: Switch,
    closed: Switch,
    /// Steps that run in this call and in those inside of it.
    steps: AtomicUsize,
    takes_no_steps: AtomicBool,
    clock: Clock,
    reported: Reported,
}

/// Every request has a context, and what is larger than this misses the short lists of most allocators, which costs more than all
/// that is written into it.
const _: () = assert!(size_of::<Inner>() <= 1000);

/// Where a call of a server to itself stands.
struct Nested {
    parent: Context,
    path: Vec<String>,
}

/// How often a call had which key.
type Keys = Mutex<HashMap<(Named, String), u32>>;

/// What keys of a call are for. A question and a step may have the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Named {
    Question,
    Step,
}

/// What a request says of itself.
#[derive(Debug)]
pub(crate) struct Origin {
    pub(crate) era: Era,
    pub(crate) method: Method,
    pub(crate) id: Option<Id>,
    pub(crate) meta: Metadata,
}

/// The component that serves the call, and with what.
#[derive(Clone, Debug)]
pub(crate) struct Subject {
    pub(crate) target: Target,
    pub(crate) version: Option<String>,
    pub(crate) arguments: Option<Bytes>,
    pub(crate) schema: Schema,
}

impl Context {
    pub(crate) fn new(
        engine: Arc<Engine>,
        origin: Origin,
        ambient: Ambient,
        asker: Option<SharedAsker>,
        rounds: Option<Box<Rounds>>,
    ) -> Self {
        let agreed = match &ambient.connection {
            Some(connection) if !origin.era.is_stateless() => connection.agreed(),
            _ => None,
        };
        Self::rebuilt(engine, origin, ambient, asker, agreed, rounds)
    }

    /// A context whose handshake and answers are known from elsewhere than its connection.
    pub(crate) fn rebuilt(
        engine: Arc<Engine>,
        origin: Origin,
        ambient: Ambient,
        asker: Option<SharedAsker>,
        agreed: Option<Agreed>,
        rounds: Option<Box<Rounds>>,
    ) -> Self {
        let clock = Clock::new(engine.limits().request_timeout);
        Self(Arc::new(Inner {
            engine,
            origin,
            ambient,
            agreed,
            asker,
            rounds: rounds.map_or_else(OnceLock::new, OnceLock::from),
            nested: None,
            subject: OnceLock::new(),
            keys: OnceLock::new(),
            cancelled: Switch::default(),
            closed: Switch::default(),
            steps: AtomicUsize::new(0),
            takes_no_steps: AtomicBool::new(false),
            clock,
            reported: Reported::default(),
        }))
    }

    /// The context of a call that this one makes to its own server.
    pub(crate) fn nested(&self, method: Method, step: String) -> Self {
        let parent = &self.0;
        let mut path = self.path().to_vec();
        path.push(step);
        let origin = Origin {
            era: parent.origin.era,
            method,
            id: parent.origin.id.clone(),
            meta: parent.origin.meta.nested(),
        };
        Self(Arc::new(Inner {
            engine: Arc::clone(&parent.engine),
            origin,
            ambient: parent.ambient.clone(),
            agreed: parent.agreed.clone(),
            asker: parent.asker.clone(),
            rounds: OnceLock::new(),
            nested: Some(Box::new(Nested { parent: self.clone(), path })),
            subject: OnceLock::new(),
            keys: OnceLock::new(),
            cancelled: Switch::default(),
            closed: Switch::default(),
            steps: AtomicUsize::new(0),
            takes_no_steps: AtomicBool::new(false),
            clock: Clock::new(parent.clock.timeout()),
            reported: Reported::default(),
        }))
    }

    /// Who is calling, if the transport found out. Safe to decide by.
    pub fn principal(&self) -> Option<&Principal> {
        self.0.ambient.principal.as_ref()
    }

    /// A value that the server was built with.
    pub fn shared_state<T: Send + Sync + 'static>(&self) -> Option<Arc<T>> {
        self.0.engine.state::<T>()
    }

    /// The method that is served.
    pub fn method(&self) -> &Method {
        &self.0.origin.method
    }

    /// The id of the request; none in a notification.
    pub fn request_id(&self) -> Option<&Id> {
        self.0.origin.id.as_ref()
    }

    /// The revision that this client speaks.
    pub fn revision(&self) -> Revision {
        self.0.origin.era.revision()
    }

    /// Which run of the handler this is: 0, until a client answers questions by calling again.
    pub fn round(&self) -> u32 {
        self.rounds_so_far().map_or(0, Rounds::round)
    }

    /// `_meta` of the request.
    pub fn meta(&self) -> &RequestMeta {
        self.0.origin.meta.whole()
    }

    /// Who the client says it is. For display and logs; never decide by it ("_meta").
    pub fn client_info(&self) -> Option<&Implementation> {
        let agreed = self.0.agreed.as_ref().map(|agreed| &*agreed.info);
        agreed.or_else(|| self.meta().client_info.as_ref())
    }

    /// What the client declared, for this request or in its handshake.
    pub fn client_capabilities(&self) -> Option<&ClientCapabilities> {
        match &self.0.agreed {
            Some(agreed) => Some(&agreed.capabilities),
            None => self.0.origin.meta.client_capabilities.as_ref().map(Capabilities::get),
        }
    }

    /// Whether the client can do this, and can be asked on this connection; a model of the server's may
    /// [sample](crate::ServerBuilder::sampling_fallback) in its place.
    pub fn supports(&self, requirement: Requirement) -> bool {
        self.missing(requirement).is_none()
    }

    /// What is missing for `requirement`.
    pub(crate) fn missing(&self, requirement: Requirement) -> Option<ClientCapabilities> {
        let samples = matches!(requirement, Requirement::Sampling | Requirement::SamplingTools);
        if samples && self.0.engine.sampling_fallback.is_some() {
            return None;
        }
        self.client_lacks(requirement)
    }

    /// What the client lacks of `requirement`.
    pub(crate) fn client_lacks(&self, requirement: Requirement) -> Option<ClientCapabilities> {
        let required = requirement.capabilities();
        if !requirement.exists_in(self.era()) || !self.can_ask() {
            return Some(required);
        }
        match self.client_capabilities() {
            Some(declared) => declared.missing(&required),
            None => Some(required),
        }
    }

    fn can_ask(&self) -> bool {
        self.0.asker.is_some() || !self.era().asks_by_request() || self.0.agreed.is_some()
    }

    /// How the message arrived.
    pub fn transport(&self) -> Transport {
        self.0.ambient.transport
    }

    /// Headers of the HTTP request; empty on other transports.
    pub fn headers(&self) -> &http::HeaderMap {
        &self.0.ambient.headers
    }

    /// The URI of the HTTP request; none on other transports.
    pub fn uri(&self) -> Option<&http::Uri> {
        self.0.ambient.uri.as_ref()
    }

    /// What layers before the server left.
    pub fn extensions(&self) -> &http::Extensions {
        &self.0.ambient.extensions
    }

    /// The address of the peer.
    pub fn peer(&self) -> Option<SocketAddr> {
        self.0.ambient.peer
    }

    /// The server that serves the call, to add or remove components for example.
    pub fn server(&self) -> Server {
        Server { engine: Arc::clone(&self.0.engine), asker: self.0.asker.clone() }
    }

    /// Tells clients about changes, now or later, from anywhere.
    pub fn notifier(&self) -> Notifier {
        self.0.engine.notifier()
    }

    /// Whether the client gave the call up, or it has been answered.
    pub fn is_cancelled(&self) -> bool {
        self.0.cancelled.is_off() || self.is_closed() || self.outer().is_some_and(Self::is_cancelled)
    }

    /// Whether the reply is out.
    pub fn is_closed(&self) -> bool {
        self.0.closed.is_off() || self.outer().is_some_and(Self::is_closed)
    }

    pub(crate) fn era(&self) -> Era {
        self.0.origin.era
    }

    pub(crate) fn engine(&self) -> &Arc<Engine> {
        &self.0.engine
    }

    pub(crate) fn connection(&self) -> Option<&Arc<Connection>> {
        self.0.ambient.connection.as_ref()
    }

    pub(crate) fn outlet(&self) -> &dyn Outlet {
        &*self.0.ambient.outlet
    }

    pub(crate) fn asker(&self) -> Option<&SharedAsker> {
        self.0.asker.as_ref()
    }

    /// The call of the client that this one is a part of, or is.
    pub(crate) fn root(&self) -> &Self {
        let mut context = self;
        while let Some(outer) = context.outer() {
            context = outer;
        }
        context
    }

    /// Tells calls apart that run at the same time.
    pub(crate) fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// The journal of the client's call, begun by the first question or step.
    pub(crate) fn rounds(&self) -> &Rounds {
        self.root().0.rounds.get_or_init(Box::default)
    }

    /// The journal, if there is one yet.
    pub(crate) fn rounds_so_far(&self) -> Option<&Rounds> {
        self.root().0.rounds.get().map(|rounds| &**rounds)
    }

    /// This call and those that it is inside of, up to the client's.
    fn chain(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |context| context.outer())
    }

    /// Whether somebody may run the call again and needs its journal.
    pub(crate) fn keeps_journal(&self) -> bool {
        self.0.asker.is_some() || !self.era().asks_by_request()
    }

    /// `key` in the scope of this call: calls inside of it have their path before theirs.
    pub(crate) fn scoped(&self, key: String) -> String {
        self.path().iter().rev().fold(key, |key, step| format!("{step}/{key}"))
    }

    /// A step begins, which has to be waited for.
    pub(crate) fn step_begins(&self) {
        for context in self.chain() {
            context.0.steps.fetch_add(1, Ordering::AcqRel);
        }
    }

    /// A step is over.
    pub(crate) fn step_ends(&self) {
        for context in self.chain() {
            context.0.steps.fetch_sub(1, Ordering::AcqRel);
        }
    }

    pub(crate) fn has_running_steps(&self) -> bool {
        self.0.steps.load(Ordering::Acquire) > 0
    }

    /// The call is over, except for the steps that run.
    pub(crate) fn take_no_steps(&self) {
        self.0.takes_no_steps.store(true, Ordering::Release);
    }

    pub(crate) fn takes_no_steps(&self) -> bool {
        self.chain().any(|context| context.0.takes_no_steps.load(Ordering::Acquire))
    }

    /// Whether this run has still to come to where the last one stood: what is said until then was said before.
    pub(crate) fn is_replaying(&self) -> bool {
        self.rounds_so_far().is_some_and(Rounds::is_replaying)
    }

    /// The version of the component that the client asks for.
    pub(crate) fn pinned(&self) -> Option<&str> {
        self.0.origin.meta.pinned.as_deref()
    }

    /// The text of the client's `params`.
    pub(crate) fn params(&self) -> &[u8] {
        self.0.origin.meta.params()
    }

    /// The token under which the client wants to hear of progress.
    pub(crate) fn progress_token(&self) -> Option<&ProgressToken> {
        self.0.origin.meta.progress_token.as_ref()
    }

    /// The least level of log messages that this request wants.
    pub(crate) fn log_level(&self) -> Option<LoggingLevel> {
        self.0.origin.meta.log_level
    }

    pub(crate) fn subject(&self) -> Option<&Subject> {
        self.0.subject.get()
    }

    /// Says which component serves the call. The first word counts.
    pub(crate) fn settle(&self, subject: Subject) {
        // A layer that runs the rest twice settles twice, on the same component.
        let _ = self.0.subject.set(subject);
    }

    /// `key`, with a number if this call had it before.
    pub(crate) fn numbered(&self, kind: Named, key: String) -> String {
        let keys = self.root().0.keys.get_or_init(Box::default);
        let mut had = keys.lock().unwrap_or_else(PoisonError::into_inner);
        let mut numbered = key.clone();
        loop {
            let times = had.entry((kind, numbered.clone())).or_insert(0);
            *times += 1;
            match *times {
                1 => return numbered,
                // That may be somebody's own key.
                n => numbered = format!("{key}-{n}"),
            }
        }
    }

    pub(crate) fn agreed(&self) -> Option<&Agreed> {
        self.0.agreed.as_ref()
    }

    /// The call that made this one to its own server.
    pub(crate) fn outer(&self) -> Option<&Self> {
        self.0.nested.as_ref().map(|nested| &nested.parent)
    }

    pub(crate) fn path(&self) -> &[String] {
        self.0.nested.as_ref().map_or(&[], |nested| &nested.path)
    }

    /// Stops the clocks of this call and of those that made it, until what it returns is dropped.
    pub(crate) fn pause(&self) -> Vec<Paused<'_>> {
        self.chain().map(|context| context.clock().pause()).collect()
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.0.clock
    }

    pub(crate) fn reported(&self) -> &Reported {
        &self.0.reported
    }

    pub(crate) fn cancel(&self) {
        self.0.cancelled.turn_off();
    }

    /// Ends the context of a call that nobody waits for any more: whoever kept it says nothing under its name ("Cancellation").
    pub(crate) fn abandon(&self) {
        self.0.cancelled.turn_off();
        self.0.closed.turn_off();
    }

    pub(crate) async fn until_closed(&self) {
        self.root().0.closed.until_off().await;
    }

    pub(crate) async fn until_cancelled(&self) {
        match self.outer() {
            None => self.0.cancelled.until_off().await,
            Some(parent) => tokio::select! {
                () = self.0.cancelled.until_off() => {}
                () = Box::pin(parent.until_cancelled()) => {}
            },
        }
    }

    /// Ends the context with its reply: what waited to be said is said now or never.
    pub(crate) fn close(&self) {
        self.flush_progress();
        self.0.closed.turn_off();
    }

    /// Sends one message that precedes the reply; quietly nothing once that is out, or the client gave the call up.
    pub(crate) fn emit(&self, message: Bytes) -> Result<(), toolwright_core::joint::SendError> {
        if self.is_cancelled() {
            return Err(Closed.into());
        }
        self.outlet().try_send(message)
    }

    pub(crate) fn downgrade(&self) -> WeakContext {
        WeakContext(Arc::downgrade(&self.0))
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("method", self.method())
            .field("id", &self.request_id())
            .field("revision", &self.revision())
            .field("principal", &self.principal())
            .finish_non_exhaustive()
    }
}

/// A context that is not kept alive.
pub(crate) struct WeakContext(Weak<Inner>);

impl WeakContext {
    pub(crate) fn upgrade(&self) -> Option<Context> {
        self.0.upgrade().map(Context)
    }

    /// Whether this is the same call.
    pub(crate) fn is(&self, context: &Context) -> bool {
        std::ptr::eq(self.0.as_ptr(), Arc::as_ptr(&context.0))
    }
}
