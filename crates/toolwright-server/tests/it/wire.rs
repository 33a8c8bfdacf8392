//! A client that speaks bytes: what goes in, what comes out, and what was said meanwhile.
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use tokio::sync::Notify;
use toolwright_core::{
    headers::{MCP_METHOD, MCP_NAME, MCP_PROTOCOL_VERSION, encode_value},
    joint::{
        BoxFuture, Closed, Endpoint, Inbound, Outbound, Outlet, Principal, SendError, Session, Transport,
    },
};
use toolwright_server::Server;

/// Keeps everything that is sent to it, up to a bound.
#[derive(Default)]
pub(crate) struct Said {
    messages: Mutex<Vec<Bytes>>,
    more: Notify,
    full: Mutex<bool>,
}

impl Said {
    /// From now on there is no room.
    pub(crate) fn fill(&self) {
        *self.full.lock().unwrap() = true;
    }

    /// From now on there is room again.
    pub(crate) fn empty(&self) {
        *self.full.lock().unwrap() = false;
        self.more.notify_waiters();
    }

    pub(crate) fn all(&self) -> Vec<Value> {
        self.messages.lock().unwrap().iter().map(|message| serde_json::from_slice(message).unwrap()).collect()
    }

    pub(crate) fn methods(&self) -> Vec<String> {
        self.all().iter().map(|message| message["method"].as_str().unwrap_or("response").to_owned()).collect()
    }

    /// Waits until `n` messages were said, and hands them out.
    pub(crate) async fn at_least(&self, n: usize) -> Vec<Value> {
        loop {
            let more = self.more.notified();
            if self.messages.lock().unwrap().len() >= n {
                return self.all();
            }
            more.await;
        }
    }
}

impl Outlet for Said {
    fn try_send(&self, message: Bytes) -> Result<(), SendError> {
        if *self.full.lock().unwrap() {
            return Err(SendError::Full(message));
        }
        self.messages.lock().unwrap().push(message);
        self.more.notify_waiters();
        Ok(())
    }

    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        Box::pin(async move {
            loop {
                let more = self.more.notified();
                match self.try_send(message.clone()) {
                    Err(SendError::Full(_)) => more.await,
                    _ => return Ok(()),
                }
            }
        })
    }
}

/// One connection to a server.
pub(crate) struct Wire {
    pub(crate) server: Server,
    pub(crate) said: Arc<Said>,
    session: Option<Arc<dyn Session>>,
    principal: Option<Principal>,
    transport: Transport,
}

impl Wire {
    /// A pipe: everything on it shares a session.
    pub(crate) fn stdio(server: &Server) -> Self {
        let said = Arc::new(Said::default());
        let session = Some(server.open(Arc::clone(&said) as Arc<dyn Outlet>));
        Self { server: server.clone(), said, session, principal: None, transport: Transport::Stdio }
    }

    /// Requests that have nothing to do with each other.
    pub(crate) fn stateless(server: &Server) -> Self {
        Self { session: None, transport: Transport::Http, ..Self::stdio(server) }
    }

    /// A pipe after the handshake for `revision`.
    pub(crate) async fn session(server: &Server, revision: &str) -> Self {
        Self::session_with(server, revision, json!({})).await
    }

    /// The same for a client with these capabilities.
    pub(crate) async fn session_with(server: &Server, revision: &str, capabilities: Value) -> Self {
        let wire = Self::stdio(server);
        let answer = wire
            .ask(json!({ "jsonrpc": "2.0", "id": "hello", "method": "initialize", "params": {
                "protocolVersion": revision, "capabilities": capabilities,
                "clientInfo": { "name": "test", "version": "1" } } }))
            .await;
        assert_eq!(answer["result"]["protocolVersion"], revision);
        wire.tell(json!({ "jsonrpc": "2.0", "method": "notifications/initialized" })).await;
        wire
    }

    pub(crate) fn principal(mut self, principal: Principal) -> Self {
        self.principal = Some(principal);
        self
    }

    pub(crate) fn call(&self, body: impl Into<Bytes>) -> BoxFuture<'static, Outbound> {
        let body: Bytes = body.into();
        let headers = if self.transport == Transport::Http { mirrored(&body) } else { HeaderMap::new() };
        let mut inbound =
            Inbound::new(body, self.transport, Arc::clone(&self.said) as Arc<dyn Outlet>).headers(headers);
        if let Some(session) = &self.session {
            inbound = inbound.session(Arc::clone(session));
        }
        self.server.call(inbound.principal(self.principal.clone()))
    }

    pub(crate) async fn raw(&self, body: impl Into<Bytes>) -> Outbound {
        self.call(body).await
    }

    pub(crate) async fn ask(&self, message: Value) -> Value {
        let outbound = self.call(message.to_string()).await;
        serde_json::from_slice(&outbound.body.expect("a request has an answer")).unwrap()
    }

    pub(crate) async fn tell(&self, message: Value) {
        let outbound = self.call(message.to_string()).await;
        assert_eq!(outbound.body, None, "a notification has no answer");
    }

    /// A legacy request with id 1.
    pub(crate) async fn request(&self, method: &str, params: Value) -> Value {
        self.ask(json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })).await
    }

    /// A stateless request with id 1.
    pub(crate) async fn modern(&self, method: &str, params: Value) -> Value {
        self.ask(modern(1, method, params, json!({}))).await
    }

    pub(crate) fn end_of_input(&self) {
        if let Some(session) = &self.session {
            session.end_of_input();
        }
    }

    pub(crate) fn close(&self) {
        if let Some(session) = &self.session {
            session.close();
        }
    }
}

/// A request of revision 2026-07-28.
pub(crate) fn modern(id: impl Into<Value>, method: &str, mut params: Value, capabilities: Value) -> Value {
    let mut meta = params["_meta"].take();
    if !meta.is_object() {
        meta = json!({});
    }
    meta["io.modelcontextprotocol/protocolVersion"] = "2026-07-28".into();
    meta["io.modelcontextprotocol/clientCapabilities"] = capabilities;
    params["_meta"] = meta;
    json!({ "jsonrpc": "2.0", "id": id.into(), "method": method, "params": params })
}

/// The headers that a conforming client sends with this body over HTTP.
pub(crate) fn mirrored(body: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let message: Value = serde_json::from_slice(body).unwrap_or_default();
    let params = &message["params"];
    if let Some(version) = params["_meta"]["io.modelcontextprotocol/protocolVersion"].as_str() {
        headers.insert(MCP_PROTOCOL_VERSION, encode_value(version));
    }
    if let Some(method) = message["method"].as_str() {
        headers.insert(MCP_METHOD, HeaderValue::from_str(method).unwrap());
        let member = match method {
            "tools/call" | "prompts/get" => "name",
            "resources/read" => "uri",
            "parcels/get" => "parcelId",
            _ => return headers,
        };
        if let Some(name) = params[member].as_str() {
            headers.insert(MCP_NAME, encode_value(name));
        }
    }
    headers
}
