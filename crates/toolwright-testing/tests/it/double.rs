//! An endpoint of a few lines, with a link for clients in process.
use std::{
    future::{pending, ready},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use bytes::Bytes;
use serde_json::{Value, json};
use toolwright_core::{
    era::Revision,
    joint::{
        Attach, BoxFuture, Connect, ConnectError, Endpoint, Inbound, Incoming, Link, LinkError, Outbound,
        Outgoing, Outlet, Session, Surface, Transport,
    },
};

/// What the double hands to its script.
pub(crate) struct Call {
    pub(crate) message: Value,
    pub(crate) outlet: Arc<dyn Outlet>,
    pub(crate) principal: Option<String>,
    pub(crate) asked: Arc<Mutex<Option<tokio::sync::oneshot::Sender<Value>>>>,
}

impl Call {
    pub(crate) fn notify(&self, method: &str, params: Value) {
        let message = format!(r#"{{"jsonrpc":"2.0","method":"{method}","params":{params}}}"#);
        self.outlet.try_send(Bytes::from(message)).unwrap();
    }

    /// Sends a request, whose answer comes from the connection.
    pub(crate) fn ask(&self, method: &str, params: Value) -> BoxFuture<'static, Value> {
        let (sender, receiver) = tokio::sync::oneshot::channel();
        *self.asked.lock().unwrap() = Some(sender);
        let message = json!({ "jsonrpc": "2.0", "id": "q", "method": method, "params": params });
        self.outlet.try_send(Bytes::from(message.to_string())).unwrap();
        Box::pin(async move { receiver.await.unwrap() })
    }

    pub(crate) fn result(&self, result: Value) -> Option<String> {
        Some(answer(&self.message, &result))
    }
}

/// The members always in this order, whatever features the JSON crate is built with.
fn answer(message: &Value, result: &Value) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{},"result":{result}}}"#, message["id"])
}

type Script = dyn Fn(Call) -> BoxFuture<'static, Option<String>> + Send + Sync;

#[derive(Clone)]
pub(crate) struct Double(Arc<State>);

struct State {
    served: Vec<Revision>,
    script: Box<Script>,
    surface: Surface,
    asked: Arc<Mutex<Option<tokio::sync::oneshot::Sender<Value>>>>,
    pub(crate) drained: tokio::sync::watch::Sender<bool>,
    pub(crate) dropped: Arc<AtomicUsize>,
}

impl Double {
    pub(crate) fn new<F>(script: impl Fn(Call) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Option<String>> + Send + 'static,
    {
        Self::serving(Revision::ALL, script)
    }

    pub(crate) fn serving<F>(
        served: impl IntoIterator<Item = Revision>,
        script: impl Fn(Call) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Option<String>> + Send + 'static,
    {
        Self(Arc::new(State {
            served: served.into_iter().collect(),
            script: Box::new(move |call| Box::pin(script(call))),
            surface: Surface::default(),
            asked: Arc::default(),
            drained: tokio::sync::watch::channel(false).0,
            dropped: Arc::default(),
        }))
    }

    pub(crate) fn dropped(&self) -> usize {
        self.0.dropped.load(Ordering::SeqCst)
    }

    fn own(&self, message: &Value) -> Option<String> {
        let modern = |revision: &&Revision| revision.era().is_stateless();
        let result = match message["method"].as_str()? {
            "server/discover" if self.0.served.iter().any(|revision| modern(&revision)) => json!({
                "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": { "tools": {} },
                "ttlMs": 0, "cacheScope": "public",
            }),
            "initialize" => {
                let asked = message["params"]["protocolVersion"].as_str()?.parse::<Revision>();
                let fallback = self.0.served.iter().rfind(|revision| !modern(revision))?;
                let revision =
                    asked.ok().filter(|revision| self.0.served.contains(revision)).unwrap_or(*fallback);
                json!({
                    "protocolVersion": revision, "capabilities": { "tools": {} },
                    "serverInfo": { "name": "double", "version": "1" },
                })
            }
            _ => return None,
        };
        Some(answer(message, &result))
    }
}

struct Nothing;

impl Session for Nothing {
    fn revision(&self) -> Option<Revision> {
        None
    }

    fn end_of_input(&self) {}

    fn close(&self) {}
}

struct Alive(Arc<AtomicUsize>, bool);

impl Drop for Alive {
    fn drop(&mut self) {
        if self.1 {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
}

impl Endpoint for Double {
    fn call(&self, inbound: Inbound) -> BoxFuture<'static, Outbound> {
        let Ok(message) = serde_json::from_slice::<Value>(&inbound.body) else {
            let error = json!({ "jsonrpc": "2.0", "error": { "code": -32700, "message": "not JSON" } });
            return Box::pin(ready(Outbound::answer(error.to_string())));
        };
        if message.get("method").is_none() {
            if let Some(asked) = self.0.asked.lock().unwrap().take() {
                let _ = asked.send(message);
            }
            return Box::pin(ready(Outbound::nothing()));
        }
        if let Some(answer) = self.own(&message) {
            return Box::pin(ready(Outbound::answer(answer)));
        }
        let call = Call {
            message,
            outlet: inbound.outlet,
            principal: inbound.principal.map(|principal| principal.subject().to_owned()),
            asked: self.0.asked.clone(),
        };
        let mut drained = self.0.drained.subscribe();
        let answer = (self.0.script)(call);
        let dropped = self.0.dropped.clone();
        Box::pin(async move {
            let mut alive = Alive(dropped, true);
            let answer = tokio::select! {
                answer = answer => answer,
                _ = drained.wait_for(|drained| *drained) => None,
            };
            alive.1 = false;
            answer.map_or_else(Outbound::nothing, Outbound::answer)
        })
    }

    fn open(&self, _outlet: Arc<dyn Outlet>) -> Arc<dyn Session> {
        Arc::new(Nothing)
    }

    fn surface(&self) -> &Surface {
        &self.0.surface
    }

    fn start(&self) -> BoxFuture<'static, Result<(), Box<dyn std::error::Error + Send + Sync>>> {
        Box::pin(ready(Ok(())))
    }

    fn drain(&self) {
        self.0.drained.send_replace(true);
    }

    fn stop(&self) -> BoxFuture<'static, ()> {
        Box::pin(ready(()))
    }
}

impl Connect for Double {
    async fn connect(&self, attach: Attach) -> Result<Arc<dyn Link>, ConnectError> {
        Ok(Arc::new(InProcess { double: self.clone(), attach }))
    }
}

struct InProcess {
    double: Double,
    attach: Attach,
}

impl Link for InProcess {
    fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>> {
        let inbound = Inbound::new(message.body, Transport::InProcess, self.attach.inlet.clone());
        let answer = self.double.call(inbound);
        Box::pin(async move { Ok(Incoming::new(answer.await.body)) })
    }

    fn announces_cancel(&self) -> bool {
        false
    }

    fn close(&self) -> BoxFuture<'static, ()> {
        Box::pin(ready(()))
    }
}

/// A server whose every tool says the revision, as far as it can tell, and is silent about itself.
pub(crate) fn echoing() -> Double {
    Double::new(|call| async move {
        let text = call.message["params"]["name"].as_str()?.to_owned();
        call.result(json!({ "content": [{ "type": "text", "text": text }] }))
    })
}

/// Never answers.
pub(crate) async fn never() -> Option<String> {
    pending().await
}
