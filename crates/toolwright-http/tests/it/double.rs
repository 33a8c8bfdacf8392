//! An endpoint that knows no MCP, only what these tests need.
use std::{
    any::Any,
    error::Error,
    sync::{
        Arc, Mutex, OnceLock, Weak,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::{Semaphore, watch};
use toolwright_core::{
    era::Revision,
    joint::{
        Arrival, ArrivalKind, BoxFuture, Endpoint, Inbound, Limits, Outbound, Outlet, Refused, SendError,
        Session, SharedTokenVerifier, Standing, Surface, TokenVerifier,
    },
    jsonrpc::{
        Id, Incoming, Message, RpcError, decode,
        encode::{self, AbsentId},
    },
    model::Method,
};

/// Messages are stateless unless their parameters say `"legacy": true`.
///
/// Methods: `initialize` (opens a session), `echo`, `hold` (until the gate opens), `tell` (so many notifications before the
/// answer), `told` (then holds), `push` (waits for room), `thread` (tells from another thread), `subscriptions/listen` (tells, until
/// drained), `say` (tells outside of the request), `ask` (tells and waits for any response), `rest` (closes the stream, then holds), `status`, `boom`, `who`, `headers`.
#[derive(Clone, Default)]
pub(crate) struct Double {
    surface: Surface,
    pub(crate) state: Arc<State>,
}

pub(crate) struct State {
    pub(crate) gate: watch::Sender<bool>,
    pub(crate) drained: watch::Sender<bool>,
    /// How many calls are held.
    pub(crate) held: watch::Sender<usize>,
    pub(crate) responses: Semaphore,
    pub(crate) fails_to_start: AtomicBool,
    pub(crate) started: AtomicUsize,
    pub(crate) calls: AtomicUsize,
    /// How often a message could not be told: because there was no room, because nobody reads.
    pub(crate) full: AtomicUsize,
    pub(crate) closed: AtomicUsize,
    pub(crate) outlets: Mutex<Vec<Weak<dyn Outlet>>>,
    /// What a handler kept after its answer.
    pub(crate) kept: Mutex<Option<Arc<dyn Outlet>>>,
}

impl Default for State {
    fn default() -> Self {
        Self {
            gate: watch::Sender::default(),
            drained: watch::Sender::default(),
            held: watch::Sender::default(),
            responses: Semaphore::new(0),
            fails_to_start: AtomicBool::new(false),
            started: AtomicUsize::new(0),
            calls: AtomicUsize::new(0),
            full: AtomicUsize::new(0),
            closed: AtomicUsize::new(0),
            outlets: Mutex::default(),
            kept: Mutex::default(),
        }
    }
}

impl Double {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { surface: Surface::new(limits, None), state: Arc::default() }
    }

    /// With somebody who checks tokens.
    pub(crate) fn guarded(limits: Limits, verifier: impl TokenVerifier) -> Self {
        let verifier = SharedTokenVerifier::new(verifier);
        Self { surface: Surface::new(limits, Some(verifier)), state: Arc::default() }
    }
}

impl State {
    /// Waits until so many calls are held.
    pub(crate) async fn held(&self, count: usize) {
        self.held.subscribe().wait_for(|held| *held == count).await.unwrap();
    }

    fn tell(&self, outlet: &dyn Outlet, id: &Id, number: u64) {
        match outlet.try_send(told(id, number)) {
            Ok(()) => {}
            Err(SendError::Full(_)) => _ = self.full.fetch_add(1, Ordering::SeqCst),
            Err(_) => _ = self.closed.fetch_add(1, Ordering::SeqCst),
        }
    }

    async fn hold(self: &Arc<Self>) {
        let _held = Held::new(self);
        self.gate.subscribe().wait_for(|open| *open).await.unwrap();
    }
}

pub(crate) fn told(id: &Id, number: u64) -> Bytes {
    encode::notification("told", &json!({ "of": id, "number": number })).unwrap()
}

impl Endpoint for Double {
    fn call(&self, inbound: Inbound) -> BoxFuture<'static, Outbound> {
        let state = Arc::clone(&self.state);
        state.calls.fetch_add(1, Ordering::SeqCst);
        state.outlets.lock().unwrap().push(Arc::downgrade(&inbound.outlet));
        assert_ne!(&*inbound.body, b"boom", "the endpoint itself panics");
        Box::pin(async move {
            let body = inbound.body.clone();
            let Incoming::Single(message) = decode(&body) else { unreachable!("no batches here") };
            answer(&state, inbound, message.unwrap()).await
        })
    }

    fn open(&self, outlet: Arc<dyn Outlet>) -> Arc<dyn Session> {
        Arc::new(Memory { outlet, revision: OnceLock::new(), closed: watch::Sender::default() })
    }

    fn surface(&self) -> &Surface {
        &self.surface
    }

    fn start(&self) -> BoxFuture<'static, Result<(), Box<dyn Error + Send + Sync>>> {
        self.state.started.fetch_add(1, Ordering::SeqCst);
        let fails = self.state.fails_to_start.load(Ordering::SeqCst);
        Box::pin(std::future::ready(if fails { Err("the database is not there".into()) } else { Ok(()) }))
    }

    fn drain(&self) {
        self.state.drained.send_replace(true);
    }

    fn stop(&self) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
}

async fn answer(state: &Arc<State>, inbound: Inbound, message: Message<'_>) -> Outbound {
    let (id, method, params) = match message {
        Message::Request { id, method, params } => (Some(id), Method::from(&*method), params),
        Message::Notification { method, params } => (None, Method::from(&*method), params),
        Message::Response { .. } => {
            return match find(&inbound, ArrivalKind::Response, false) {
                Ok(_) => {
                    state.responses.add_permits(1);
                    Outbound::nothing()
                }
                Err(refused) => Outbound::nothing().status(refused.status),
            };
        }
    };
    let params: Value = params.map_or(Value::Null, |raw| serde_json::from_str(raw.get()).unwrap());
    let kind = if id.is_some() { ArrivalKind::Request(&method) } else { ArrivalKind::Notification(&method) };
    let standing = match find(&inbound, kind, params["legacy"] != true) {
        Ok(standing) => standing,
        Err(Refused { status, error, .. }) => {
            return Outbound::answer(encode::error(id.as_ref(), AbsentId::Omitted, &error)).status(status);
        }
    };
    let Some(id) = id else {
        if method.as_str() == "open" {
            state.gate.send_replace(true);
        }
        return Outbound::nothing();
    };
    let outlet = &*inbound.outlet;
    let count = params["count"].as_u64().unwrap_or(1);
    let result = match method.as_str() {
        "initialize" => {
            let memory = Memory::of(&standing);
            if let (Some(memory), Some(revision)) = (memory, params["protocolVersion"].as_str()) {
                memory.revision.set(revision.parse().unwrap()).unwrap();
            }
            return Outbound::answer(encode::result(&id, b"{}")).opened();
        }
        "echo" => params,
        "hold" => {
            let Some(memory) = Memory::of(&standing) else {
                state.hold().await;
                return Outbound::answer(encode::result(&id, b"\"released\""));
            };
            let mut closed = memory.closed.subscribe();
            tokio::select! {
                () = state.hold() => json!("released"),
                _ = closed.wait_for(|closed| *closed) => return Outbound::nothing(),
            }
        }
        "say" => {
            let memory = Memory::of(&standing).unwrap();
            json!(match memory.outlet.try_send(told(&id, count)) {
                Ok(()) => "said",
                Err(SendError::Full(_)) => "full",
                Err(_) => "unheard",
            })
        }
        "tell" => {
            (0..count).for_each(|number| state.tell(outlet, &id, number));
            json!("all told")
        }
        "told" => {
            tokio::task::yield_now().await;
            (0..count).for_each(|number| state.tell(outlet, &id, number));
            state.hold().await;
            (count..count + 1).for_each(|number| state.tell(outlet, &id, number));
            json!("released")
        }
        "push" => {
            let _held = Held::new(state);
            for number in 0..count {
                if outlet.send(told(&id, number)).await.is_err() {
                    state.closed.fetch_add(1, Ordering::SeqCst);
                }
            }
            json!("all pushed")
        }
        "thread" => {
            let (other, state, of) = (Arc::clone(&inbound.outlet), Arc::clone(state), id.clone());
            let done = tokio::task::spawn_blocking(move || state.tell(&*other, &of, 0));
            done.await.unwrap();
            json!("told elsewhere")
        }
        "subscriptions/listen" => {
            state.tell(outlet, &id, 0);
            let _held = Held::new(state);
            state.drained.subscribe().wait_for(|drained| *drained).await.unwrap();
            json!("drained")
        }
        "ask" => {
            state.tell(outlet, &id, 0);
            state.responses.acquire().await.unwrap().forget();
            json!("answered")
        }
        "rest" => {
            let closed = outlet.close_stream(None);
            state.hold().await;
            json!(closed)
        }
        "keep" => {
            *state.kept.lock().unwrap() = Some(Arc::clone(&inbound.outlet));
            json!("kept")
        }
        "status" => {
            let status = u16::try_from(params["status"].as_u64().unwrap()).unwrap();
            let mut outbound =
                Outbound::answer(encode::result(&id, b"{}")).status(status.try_into().unwrap());
            outbound.headers.insert("www-authenticate", "Bearer".parse().unwrap());
            return outbound;
        }
        "boom" => panic!("boom"),
        "who" => json!(inbound.principal.map(|principal| principal.subject().to_owned())),
        "where" => json!({
            "uri": inbound.uri.map(|uri| uri.to_string()),
            "peer": inbound.peer.map(|peer| peer.to_string()),
            "header": inbound.headers.get("x-extra").map(|value| value.to_str().unwrap()),
            "extension": inbound.extensions.get::<u8>(),
        }),
        method => {
            let error = RpcError::method_not_found(method);
            return Outbound::answer(encode::error(Some(&id), AbsentId::Omitted, &error));
        }
    };
    Outbound::answer(encode::result(&id, result.to_string().as_bytes()))
}

fn find(inbound: &Inbound, kind: ArrivalKind<'_>, stateless: bool) -> Result<Standing, Refused> {
    inbound.lookup.as_ref().unwrap().find(&Arrival::new(kind, stateless, &inbound.headers))
}

struct Held(Arc<State>);

impl Held {
    fn new(state: &Arc<State>) -> Self {
        state.held.send_modify(|held| *held += 1);
        Self(Arc::clone(state))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.held.send_modify(|held| *held -= 1);
    }
}

struct Memory {
    outlet: Arc<dyn Outlet>,
    revision: OnceLock<Revision>,
    closed: watch::Sender<bool>,
}

impl Memory {
    fn of(standing: &Standing) -> Option<Arc<Self>> {
        let session = standing.session.clone()? as Arc<dyn Any + Send + Sync>;
        Some(session.downcast().unwrap())
    }
}

impl Session for Memory {
    fn revision(&self) -> Option<Revision> {
        self.revision.get().copied()
    }

    fn end_of_input(&self) {}

    fn close(&self) {
        self.closed.send_replace(true);
    }
}
