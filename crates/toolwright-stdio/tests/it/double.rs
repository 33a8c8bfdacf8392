//! An endpoint that knows no MCP, only what these tests need.
use std::{
    collections::HashMap,
    error::Error,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};
use toolwright_core::{
    era::Revision,
    joint::{BoxFuture, Endpoint, Inbound, Limits, Outbound, Outlet, SendError, Session, Surface},
    jsonrpc::{
        Id, Incoming, Message, RpcError, decode,
        encode::{self, AbsentId},
    },
};

/// Methods: `echo`, `hold` (until the gate opens), `block` (the thread), `terminated` (until the
/// process is told to end), `listen` (until drained), `tell` (notifications before the answer), `ask`
/// (the client), `big`, `boom`, `order` (how many messages came before). Notification `open` opens the gate.
pub(crate) struct Double {
    surface: Surface,
    pub(crate) fails_to_start: bool,
    pub(crate) revision: Option<Revision>,
    state: Arc<State>,
}

#[derive(Default)]
pub(crate) struct State {
    pub(crate) gate: watch::Sender<bool>,
    pub(crate) drained: watch::Sender<bool>,
    /// How many calls are held.
    pub(crate) held: watch::Sender<usize>,
    pub(crate) blocking: Mutex<Option<std::sync::mpsc::Receiver<()>>>,
    pub(crate) seen: AtomicUsize,
    pub(crate) started: AtomicUsize,
    pub(crate) stopped: AtomicUsize,
    pub(crate) closed: watch::Sender<bool>,
    pub(crate) questions: Mutex<HashMap<Id, oneshot::Sender<String>>>,
}

impl Default for Double {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

impl Double {
    pub(crate) fn new(limits: Limits) -> Self {
        let mut surface = Surface::default();
        surface.limits = limits;
        Self { surface, fails_to_start: false, revision: None, state: Arc::default() }
    }

    pub(crate) fn state(&self) -> Arc<State> {
        Arc::clone(&self.state)
    }
}

impl Endpoint for Double {
    fn call(&self, inbound: Inbound) -> BoxFuture<'static, Outbound> {
        let state = self.state();
        Box::pin(async move {
            let answer = match decode(&inbound.body) {
                Incoming::Single(message) => answer(&state, &inbound.outlet, message).await,
                Incoming::Batch(items) => {
                    let mut answers = Vec::new();
                    for item in items {
                        answers.extend(answer(&state, &inbound.outlet, item).await);
                    }
                    encode::batch(answers)
                }
            };
            answer.map_or_else(Outbound::nothing, Outbound::answer)
        })
    }

    fn open(&self, _outlet: Arc<dyn Outlet>) -> Arc<dyn Session> {
        Arc::new(Memory { state: self.state(), revision: self.revision })
    }

    fn surface(&self) -> &Surface {
        &self.surface
    }

    fn start(&self) -> BoxFuture<'static, Result<(), Box<dyn Error + Send + Sync>>> {
        self.state.started.fetch_add(1, Ordering::SeqCst);
        let result = if self.fails_to_start { Err("the database is not there".into()) } else { Ok(()) };
        Box::pin(std::future::ready(result))
    }

    fn drain(&self) {
        self.state.drained.send_replace(true);
    }

    fn stop(&self) -> BoxFuture<'static, ()> {
        self.state.stopped.fetch_add(1, Ordering::SeqCst);
        Box::pin(std::future::ready(()))
    }
}

async fn answer(
    state: &Arc<State>,
    outlet: &Arc<dyn Outlet>,
    message: Result<Message<'_>, toolwright_core::jsonrpc::Malformed>,
) -> Option<Bytes> {
    let before = state.seen.fetch_add(1, Ordering::SeqCst);
    match message {
        Ok(Message::Request { id, method, params }) => {
            let params: Value = params.map_or(Value::Null, |raw| serde_json::from_str(raw.get()).unwrap());
            let result = match &*method {
                "echo" => params,
                "order" => json!(before),
                "boom" => panic!("boom"),
                "big" => json!("x".repeat(params["size"].as_u64().unwrap() as usize)),
                "hold" => {
                    let _held = Held::new(state);
                    state.gate.subscribe().wait_for(|open| *open).await.unwrap();
                    json!("released")
                }
                "block" => {
                    let gate = state.blocking.lock().unwrap().take().unwrap();
                    gate.recv().unwrap();
                    json!("unblocked")
                }
                #[cfg(unix)]
                "terminated" => {
                    use tokio::signal::unix::{SignalKind, signal};
                    signal(SignalKind::terminate()).unwrap().recv().await;
                    json!("terminated")
                }
                "listen" => {
                    let _held = Held::new(state);
                    state.drained.subscribe().wait_for(|drained| *drained).await.unwrap();
                    json!("drained")
                }
                "tell" => {
                    let mut full = 0;
                    for number in 0..params["count"].as_u64().unwrap() {
                        let told =
                            encode::notification("told", &json!({ "of": id, "number": number })).unwrap();
                        full += usize::from(matches!(outlet.try_send(told), Err(SendError::Full(_))));
                    }
                    if params["later"] == true {
                        tokio::task::yield_now().await;
                    }
                    json!({ "full": full })
                }
                "ask" => {
                    let question: Id = format!("question of {id}").into();
                    let (answer, answered) = oneshot::channel();
                    state.questions.lock().unwrap().insert(question.clone(), answer);
                    outlet.send(encode::request(&question, "ping", &()).unwrap()).await.ok()?;
                    json!(answered.await.ok()?)
                }
                method => return Some(error(Some(&id), RpcError::method_not_found(method))),
            };
            Some(encode::result(&id, result.to_string().as_bytes()))
        }
        Ok(Message::Notification { method, .. }) => {
            if method == "open" {
                state.gate.send_replace(true);
            }
            None
        }
        Ok(Message::Response { id, outcome }) => {
            let waiter = state.questions.lock().unwrap().remove(&id.unwrap()).unwrap();
            waiter.send(outcome.unwrap().get().to_owned()).unwrap();
            None
        }
        Err(malformed) => Some(error(malformed.id.as_ref(), RpcError::from(&malformed))),
    }
}

fn error(id: Option<&Id>, error: RpcError) -> Bytes {
    encode::error(id, AbsentId::Omitted, &error)
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
    state: Arc<State>,
    revision: Option<Revision>,
}

impl Session for Memory {
    fn revision(&self) -> Option<Revision> {
        self.revision
    }

    fn end_of_input(&self) {}

    fn close(&self) {
        assert!(!self.state.closed.send_replace(true), "a session is closed once");
    }
}
