use std::sync::{Arc, Mutex};

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};
use toolwright_core::{
    era::Revision,
    joint::{
        Arrival, ArrivalKind, BoxFuture, Endpoint, Inbound, Mute, Outbound, Outlet, Refused, Session,
        SessionLookup, Standing, Transport,
    },
};
use toolwright_server::Server;

use crate::wire::{mirrored, modern};

/// A POST, as a conforming client sends it until something of it is changed.
#[derive(Clone)]
pub(crate) struct Post {
    pub(crate) body: Value,
    pub(crate) headers: HeaderMap,
    text: Option<&'static str>,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) body: Option<Value>,
    pub(crate) opened: bool,
}

impl Post {
    /// A request of the stateless revision with id 1.
    pub(crate) fn modern(method: &str, params: Value) -> Self {
        Self::of(modern(1, method, params, json!({})))
    }

    /// A request of an older revision with id 1. It has the headers of the newest one, which mean nothing there.
    pub(crate) fn legacy(method: &str, params: Value) -> Self {
        Self::of(json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params }))
    }

    pub(crate) fn of(body: Value) -> Self {
        let headers = mirrored(body.to_string().as_bytes());
        Self { body, headers, text: None }
    }

    /// Whatever text.
    pub(crate) fn text(text: &'static str) -> Self {
        Self { body: Value::Null, headers: HeaderMap::new(), text: Some(text) }
    }

    /// Sets a header.
    pub(crate) fn header(mut self, name: &'static str, value: &[u8]) -> Self {
        self.headers.insert(HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap());
        self
    }

    /// Sends a header once more.
    pub(crate) fn again(mut self, name: &'static str, value: &[u8]) -> Self {
        self.headers.append(HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap());
        self
    }

    pub(crate) fn without(mut self, name: &'static str) -> Self {
        self.headers.remove(name);
        self
    }

    /// Sets a member of `_meta`, after the headers were made.
    pub(crate) fn meta(mut self, member: &str, value: impl Into<Value>) -> Self {
        self.body["params"]["_meta"][format!("io.modelcontextprotocol/{member}")] = value.into();
        self
    }

    pub(crate) fn without_meta(mut self, member: &str) -> Self {
        let meta = self.body["params"]["_meta"].as_object_mut().unwrap();
        meta.remove(&format!("io.modelcontextprotocol/{member}"));
        self
    }

    /// Makes it a notification.
    pub(crate) fn without_id(mut self) -> Self {
        self.body.as_object_mut().unwrap().remove("id");
        self
    }

    pub(crate) fn call(
        self,
        server: &Server,
        outlet: Arc<dyn Outlet>,
        lookup: Arc<dyn SessionLookup>,
    ) -> BoxFuture<'static, Outbound> {
        let body = self.text.map_or_else(|| self.body.to_string(), str::to_owned);
        server.call(Inbound::new(body, Transport::Http, outlet).headers(self.headers).lookup(lookup))
    }

    /// The answer to it, at a transport that knows these sessions.
    pub(crate) async fn at(self, server: &Server, lookup: &Arc<Lookup>) -> Answered {
        let lookup = Arc::clone(lookup) as Arc<dyn SessionLookup>;
        let outbound = self.call(server, Arc::new(Mute), lookup).await;
        Answered {
            status: outbound.status,
            body: outbound.body.map(|body| serde_json::from_slice(&body).unwrap()),
            opened: outbound.opened,
        }
    }

    /// The answer to it, where there are no sessions.
    pub(crate) async fn to(self, server: &Server) -> Answered {
        self.at(server, &Lookup::nothing()).await
    }
}

impl Answered {
    /// The status, and the code of the error or 0.
    pub(crate) fn verdict(&self) -> (u16, i64) {
        let body = self.body.as_ref();
        (self.status.as_u16(), body.and_then(|body| body["error"]["code"].as_i64()).unwrap_or(0))
    }

    pub(crate) fn message(&self) -> &str {
        self.body.as_ref().and_then(|body| body["error"]["message"].as_str()).unwrap_or_default()
    }

    pub(crate) fn body(&self) -> &Value {
        self.body.as_ref().expect("an answer")
    }
}

/// A transport that gives each message the same place, and remembers what it was asked.
pub(crate) struct Lookup {
    place: Result<Standing, Refused>,
    asked: Mutex<Vec<String>>,
}

impl Lookup {
    pub(crate) fn new(place: Result<Standing, Refused>) -> Arc<Self> {
        Arc::new(Self { place, asked: Mutex::default() })
    }

    pub(crate) fn nothing() -> Arc<Self> {
        Self::new(Ok(Standing::default()))
    }

    pub(crate) fn assuming(revision: Revision) -> Arc<Self> {
        Self::new(Ok(Standing::assumed(Some(revision))))
    }

    pub(crate) fn session(session: &Arc<dyn Session>) -> Arc<Self> {
        Self::new(Ok(Standing::session(Arc::clone(session))))
    }

    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl SessionLookup for Lookup {
    fn find(&self, arrival: &Arrival<'_>) -> Result<Standing, Refused> {
        let kind = match arrival.kind {
            ArrivalKind::Request(method) => format!("request {method}"),
            ArrivalKind::Notification(method) => format!("notification {method}"),
            ArrivalKind::Response => "response".to_owned(),
            ArrivalKind::Batch => "batch".to_owned(),
            other => format!("{other:?}"),
        };
        let stateless = if arrival.stateless { " alone" } else { "" };
        self.asked.lock().unwrap().push(format!("{kind}{stateless}"));
        self.place.clone()
    }
}
