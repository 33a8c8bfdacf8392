//! A client of each revision, which asks in the words of that revision.
use std::{
    pin::pin,
    sync::{Arc, Mutex},
    task::{Context as TaskContext, Poll, Waker},
};

use http::StatusCode;
use serde_json::{Value, json};
use toolwright_server::{Context, Server, Tool};

use crate::wire::{Wire, modern};

pub(crate) const MODERN: &str = "2026-07-28";
pub(crate) const LEGACY: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];
pub(crate) const ALL: [&str; 5] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25", MODERN];

/// A pipe on which one revision is spoken.
pub(crate) struct Client {
    pub(crate) revision: &'static str,
    pub(crate) wire: Wire,
}

impl Client {
    pub(crate) async fn new(server: &Server, revision: &'static str) -> Self {
        let wire =
            if revision == MODERN { Wire::stdio(server) } else { Wire::session(server, revision).await };
        Self { revision, wire }
    }

    pub(crate) fn is_modern(&self) -> bool {
        self.revision == MODERN
    }

    /// A request as this client writes it.
    pub(crate) fn message(&self, id: impl Into<Value>, method: &str, params: Value) -> Value {
        if self.is_modern() {
            modern(id, method, params, json!({}))
        } else {
            json!({ "jsonrpc": "2.0", "id": id.into(), "method": method, "params": params })
        }
    }

    pub(crate) async fn ask(&self, method: &str, params: Value) -> Value {
        self.wire.ask(self.message(1, method, params)).await
    }

    /// The result, without what the modern revision adds to each.
    pub(crate) async fn result(&self, method: &str, params: Value) -> Value {
        let mut answer = self.ask(method, params).await;
        let mut result = answer["result"].take();
        assert!(result.is_object(), "{}: {method} answered {answer}", self.revision);
        if self.is_modern() {
            let members = result.as_object_mut().unwrap();
            assert_eq!(members.remove("resultType"), Some("complete".into()), "{method}");
            let mut meta = members.remove("_meta").unwrap();
            let meta = meta.as_object_mut().unwrap();
            assert!(meta.remove("io.modelcontextprotocol/serverInfo").is_some(), "{method}");
            if !meta.is_empty() {
                members.insert("_meta".into(), Value::Object(meta.clone()));
            }
        }
        result
    }

    /// The error and the status that goes with it.
    pub(crate) async fn error(&self, method: &str, params: Value) -> (Value, StatusCode) {
        let outbound = self.wire.raw(self.message(1, method, params).to_string()).await;
        let mut answer: Value = serde_json::from_slice(&outbound.body.unwrap()).unwrap();
        assert!(answer["error"].is_object(), "{}: {method} answered {answer}", self.revision);
        assert_eq!(answer["id"], 1);
        (answer["error"].take(), outbound.status)
    }

    /// The text of the first block of a tool's result.
    pub(crate) async fn text(&self, tool: &str) -> String {
        let result = self.result("tools/call", json!({ "name": tool, "arguments": {} })).await;
        result["content"][0]["text"].as_str().unwrap().to_owned()
    }

    pub(crate) fn start(&self, id: impl Into<Value>, tool: &str) -> tokio::task::JoinHandle<Option<Value>> {
        let call = self.message(id, "tools/call", json!({ "name": tool, "arguments": {} }));
        let answer = self.wire.call(call.to_string());
        tokio::spawn(async move { answer.await.body.map(|body| serde_json::from_slice(&body).unwrap()) })
    }
}

/// A client of each revision of this server, oldest first.
pub(crate) async fn each(server: &Server) -> Vec<Client> {
    let mut clients = Vec::new();
    for revision in ALL {
        clients.push(Client::new(server, revision).await);
    }
    clients
}

/// A tool that says `text`.
pub(crate) fn says(name: &str, text: &'static str) -> Tool {
    Tool::new(name).handler(move |_: Context| async move { text })
}

/// Polls once, and tells what that came to.
pub(crate) fn poll_once<F: Future + Unpin>(mut future: F) -> Poll<F::Output> {
    pin!(&mut future).as_mut().poll(&mut TaskContext::from_waker(Waker::noop()))
}

/// What happened, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Diary(Arc<Mutex<Vec<String>>>);

impl Diary {
    pub(crate) fn note(&self, what: impl Into<String>) {
        self.0.lock().unwrap().push(what.into());
    }

    pub(crate) fn read(&self) -> Vec<String> {
        self.0.lock().unwrap().clone()
    }
}

/// Notes when it is dropped.
pub(crate) struct Farewell(pub(crate) Diary, pub(crate) &'static str);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.note(self.1);
    }
}
