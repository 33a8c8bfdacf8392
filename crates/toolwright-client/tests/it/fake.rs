//! A server of a few lines: a closure that says how to react to each request.
use std::{
    collections::HashMap,
    future::{pending, ready},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::{oneshot, watch};
use toolwright_client::{Builder, Client, ClientError};
use toolwright_core::{
    era::Revision,
    joint::{Attach, BoxFuture, Connect, ConnectError, Incoming, Link, LinkError, Outgoing, Outlet},
};

pub(crate) const MODERN: Revision = Revision::V2026_07_28;
pub(crate) const LEGACY: Revision = Revision::V2025_11_25;

/// One request or notification that reached the server.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) id: Value,
    pub(crate) method: String,
    pub(crate) params: Value,
    connection: Arc<Connection>,
}

pub(crate) enum Reaction {
    /// A result.
    Result(Value),
    /// A code, a text and data.
    Error(i64, &'static str, Value),
    /// Any bytes.
    Bytes(String),
    /// A status, with or without a body.
    Status(u16, Option<String>),
    /// No answer, ever.
    Silence,
    /// The connection ends.
    Close,
    /// The transport reports a failure.
    Fail(LinkError),
    /// Whatever comes of it.
    Later(BoxFuture<'static, Reaction>),
}

pub(crate) fn later(future: impl Future<Output = Reaction> + Send + 'static) -> Reaction {
    Reaction::Later(Box::pin(future))
}

impl Call {
    /// Sends a notification.
    pub(crate) fn notify(&self, method: &str, params: Value) {
        self.connection.send(json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends any text.
    pub(crate) fn send_text(&self, text: &str) {
        let _ = self.connection.inlet.try_send(Bytes::from(text.to_owned()));
    }

    pub(crate) fn report(&self, progress: Value) {
        let token = self.params["_meta"]["progressToken"].clone();
        self.notify("notifications/progress", json!({ "progressToken": token, "progress": progress }));
    }

    /// Sends a request and waits for the whole response.
    pub(crate) fn ask(&self, id: &str, method: &str, params: Value) -> BoxFuture<'static, Value> {
        let (answer, answered) = oneshot::channel();
        self.connection.asked.lock().unwrap().insert(id.to_owned(), answer);
        self.connection.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        Box::pin(async move { answered.await.unwrap() })
    }
}

struct Connection {
    inlet: Arc<dyn Outlet>,
    asked: Mutex<HashMap<String, oneshot::Sender<Value>>>,
    closed: watch::Sender<bool>,
}

impl Connection {
    fn send(&self, message: Value) {
        let _ = self.inlet.try_send(Bytes::from(message.to_string()));
    }
}

type Script = dyn Fn(Call) -> Reaction + Send + Sync;

#[derive(Clone)]
pub(crate) struct Fake(Arc<State>);

struct State {
    revision: Mutex<Revision>,
    identity: Mutex<Option<String>>,
    down: AtomicBool,
    capabilities: Mutex<Value>,
    announces_cancel: bool,
    scripted_discovery: AtomicBool,
    scripted_handshake: AtomicBool,
    script: Box<Script>,
    sent: Mutex<Vec<Value>>,
    heads: Mutex<Vec<String>>,
    settled: Mutex<Vec<Revision>>,
    connections: Mutex<Vec<Arc<Connection>>>,
    dropped: AtomicUsize,
}

impl Fake {
    /// A server that handles discovery or the handshake by itself, and everything else by the script.
    pub(crate) fn new(revision: Revision, script: impl Fn(Call) -> Reaction + Send + Sync + 'static) -> Self {
        Self::build(revision, true, script)
    }

    /// A server that notices by itself when a request is given up.
    pub(crate) fn watchful(
        revision: Revision,
        script: impl Fn(Call) -> Reaction + Send + Sync + 'static,
    ) -> Self {
        Self::build(revision, false, script)
    }

    fn build(
        revision: Revision,
        announces_cancel: bool,
        script: impl Fn(Call) -> Reaction + Send + Sync + 'static,
    ) -> Self {
        let capabilities = json!({
            "tools": { "listChanged": true }, "prompts": { "listChanged": true },
            "resources": { "listChanged": true, "subscribe": true }, "logging": {}, "completions": {},
        });
        Self(Arc::new(State {
            revision: Mutex::new(revision),
            identity: Mutex::default(),
            down: AtomicBool::new(false),
            capabilities: Mutex::new(capabilities),
            announces_cancel,
            scripted_discovery: AtomicBool::new(false),
            scripted_handshake: AtomicBool::new(false),
            script: Box::new(script),
            sent: Mutex::default(),
            heads: Mutex::default(),
            settled: Mutex::default(),
            connections: Mutex::default(),
            dropped: AtomicUsize::new(0),
        }))
    }

    pub(crate) fn capabilities(self, capabilities: Value) -> Self {
        *self.0.capabilities.lock().unwrap() = capabilities;
        self
    }

    /// What the server is known by.
    pub(crate) fn identity(self, identity: &str) -> Self {
        *self.0.identity.lock().unwrap() = Some(identity.to_owned());
        self
    }

    /// From now on the server speaks this revision.
    pub(crate) fn speak(&self, revision: Revision) {
        *self.0.revision.lock().unwrap() = revision;
    }

    /// Whether the server can be reached.
    pub(crate) fn set_down(&self, down: bool) {
        self.0.down.store(down, Ordering::SeqCst);
    }

    /// Leaves `server/discover` to the script, too.
    pub(crate) fn scripted_discovery(self) -> Self {
        self.0.scripted_discovery.store(true, Ordering::SeqCst);
        self
    }

    /// Leaves `server/discover` and `initialize` to the script.
    pub(crate) fn scripted_handshake(self) -> Self {
        self.0.scripted_handshake.store(true, Ordering::SeqCst);
        self.scripted_discovery()
    }

    pub(crate) async fn connect(&self) -> Client {
        self.connect_with(Client::builder()).await.unwrap()
    }

    pub(crate) async fn connect_with(&self, builder: Builder) -> Result<Client, ClientError> {
        builder.connect(self.clone()).await
    }

    /// Everything that the client sent, in order.
    pub(crate) fn sent(&self) -> Vec<Value> {
        self.0.sent.lock().unwrap().clone()
    }

    /// What the client sent with this method.
    pub(crate) fn sent_as(&self, method: &str) -> Vec<Value> {
        self.sent().into_iter().filter(|message| message["method"] == method).collect()
    }

    /// The method that each message was sent with, and its headers.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.0.heads.lock().unwrap().clone()
    }

    /// The revisions that the client settled on, one for each connection.
    pub(crate) fn settled(&self) -> Vec<Revision> {
        self.0.settled.lock().unwrap().clone()
    }

    /// How many exchanges were dropped before they had an answer.
    pub(crate) fn dropped(&self) -> usize {
        self.0.dropped.load(Ordering::SeqCst)
    }

    pub(crate) fn connections(&self) -> usize {
        self.0.connections.lock().unwrap().len()
    }

    /// Sends a notification outside of any request.
    pub(crate) fn notify(&self, method: &str, params: Value) {
        self.last().send(json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Ends the newest connection.
    pub(crate) fn close(&self) {
        self.last().closed.send_replace(true);
    }

    /// Whether the client closed the newest connection.
    pub(crate) fn is_closed(&self) -> bool {
        *self.last().closed.borrow()
    }

    fn last(&self) -> Arc<Connection> {
        self.0.connections.lock().unwrap().last().unwrap().clone()
    }

    fn react(&self, call: Call) -> Reaction {
        let revision = *self.0.revision.lock().unwrap();
        let stateless = revision == MODERN;
        let capabilities = self.0.capabilities.lock().unwrap().clone();
        match call.method.as_str() {
            "server/discover" if stateless => Reaction::Result(json!({
                "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": capabilities,
                "instructions": "Be kind.", "ttlMs": 0, "cacheScope": "public",
                "_meta": { "io.modelcontextprotocol/serverInfo": { "name": "fake", "version": "1" } },
            })),
            "server/discover" if !self.0.scripted_discovery.load(Ordering::SeqCst) => unknown(),
            "initialize" if !stateless && !self.0.scripted_handshake.load(Ordering::SeqCst) => {
                Reaction::Result(json!({
                    "protocolVersion": revision, "capabilities": capabilities,
                    "serverInfo": { "name": "fake", "version": "1" }, "instructions": "Be kind.",
                }))
            }
            _ => (self.0.script)(call),
        }
    }
}

impl Connect for Fake {
    async fn connect(&self, attach: Attach) -> Result<Arc<dyn Link>, ConnectError> {
        if self.0.down.load(Ordering::SeqCst) {
            return Err(ConnectError::new("the fake", "it is down"));
        }
        let connection = Arc::new(Connection {
            inlet: attach.inlet,
            asked: Mutex::default(),
            closed: watch::channel(false).0,
        });
        self.0.connections.lock().unwrap().push(connection.clone());
        Ok(Arc::new(FakeLink { fake: self.clone(), connection }))
    }

    fn identity(&self) -> Option<String> {
        self.0.identity.lock().unwrap().clone()
    }
}

struct FakeLink {
    fake: Fake,
    connection: Arc<Connection>,
}

impl Link for FakeLink {
    fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
        let value: Value = serde_json::from_slice(&message.body).unwrap();
        self.fake.0.sent.lock().unwrap().push(value.clone());
        let headers =
            message.headers.iter().map(|(name, value)| format!(" {name}={}", value.to_str().unwrap()));
        let method = message.method.as_deref().unwrap_or("-");
        assert_eq!(value["method"].as_str().unwrap_or("-"), method);
        self.fake.0.heads.lock().unwrap().push(format!("{method}{}", headers.collect::<String>()));
        if *self.connection.closed.borrow() {
            return Box::pin(ready(Err(LinkError::Closed)));
        }
        if message.id.is_none() {
            let unread = value["id"].as_str().is_some_and(|id| id.starts_with("unread"));
            if unread || value["method"] == "example/unread" {
                return Box::pin(pending());
            }
            if let Some(id) = value["id"].as_str()
                && let Some(answer) = self.connection.asked.lock().unwrap().remove(id)
            {
                let _ = answer.send(value);
            }
            return Box::pin(ready(Ok(Incoming::new(None))));
        }
        assert_eq!(serde_json::to_value(&message.id).unwrap(), value["id"]);
        let call = Call {
            id: value["id"].clone(),
            method: value["method"].as_str().unwrap().to_owned(),
            params: value["params"].clone(),
            connection: self.connection.clone(),
        };
        let (fake, mut closed) = (self.fake.clone(), self.connection.closed.subscribe());
        Box::pin(async move {
            let mut pending = Pending(Some(fake.clone()));
            let id = call.id.clone();
            let answer = tokio::select! {
                biased;
                _ = closed.wait_for(|closed| *closed) => Err(LinkError::Closed),
                answer = settle(fake.react(call), id) => answer,
            };
            pending.0 = None;
            answer
        })
    }

    fn announces_cancel(&self) -> bool {
        self.fake.0.announces_cancel
    }

    fn settled(&self, revision: Revision) {
        self.fake.0.settled.lock().unwrap().push(revision);
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        self.connection.closed.send_replace(true);
        Box::pin(ready(()))
    }

    fn closed(&self) -> BoxFuture<'static, ()> {
        let mut closed = self.connection.closed.subscribe();
        Box::pin(async move {
            let _ = closed.wait_for(|closed| *closed).await;
        })
    }
}

async fn settle(reaction: Reaction, id: Value) -> Result<Incoming, LinkError> {
    let mut reaction = reaction;
    while let Reaction::Later(later) = reaction {
        reaction = later.await;
    }
    let body = |value: Value| Ok(Incoming::new(Some(Bytes::from(value.to_string()))));
    match reaction {
        Reaction::Result(result) => body(json!({ "jsonrpc": "2.0", "id": id, "result": result })),
        Reaction::Error(code, message, data) => body(
            json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message, "data": data } }),
        ),
        Reaction::Bytes(text) => Ok(Incoming::new(Some(Bytes::from(text)))),
        Reaction::Status(status, text) => {
            Ok(Incoming::new(text.map(Bytes::from)).status(StatusCode::from_u16(status).unwrap()))
        }
        Reaction::Close => Err(LinkError::Closed),
        Reaction::Fail(error) => Err(error),
        Reaction::Silence | Reaction::Later(_) => pending().await,
    }
}

/// Counts exchanges that are dropped under way.
struct Pending(Option<Fake>);

impl Drop for Pending {
    fn drop(&mut self) {
        if let Some(fake) = &self.0 {
            fake.0.dropped.fetch_add(1, Ordering::SeqCst);
        }
    }
}

/// A tool result of one text.
pub(crate) fn text(text: &str) -> Reaction {
    Reaction::Result(json!({ "resultType": "complete", "content": [{ "type": "text", "text": text }] }))
}

/// What a server without the method says.
pub(crate) fn unknown() -> Reaction {
    Reaction::Error(-32601, "unknown method", Value::Null)
}

/// Lets everything run that can.
pub(crate) async fn settle_down() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}
