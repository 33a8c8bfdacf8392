//! Finds out of what kind and of which revision each message of the server is, from what the client sent.
use std::{
    collections::{BTreeSet, HashMap},
    sync::Mutex,
};

use serde_json::Value;
use toolwright::core::era::Revision;

use crate::schema::{self, Kind};

const VERSION: &str = "io.modelcontextprotocol/protocolVersion";
const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";

/// What was validated: of which revision, and of which kind.
pub(crate) type Covered = BTreeSet<(Revision, Kind)>;

/// One connection, seen from the client.
pub(crate) struct Tracker {
    /// The revision of the session, or of all requests where there is none.
    revision: Revision,
    /// Method and revision of the requests by id. An id may be used again once it is answered.
    requests: Mutex<HashMap<String, Vec<(String, Revision)>>>,
    tokens: Mutex<HashMap<String, Revision>>,
    covered: Mutex<Covered>,
}

impl Tracker {
    pub(crate) fn new(revision: Revision) -> Self {
        Self { revision, requests: Mutex::default(), tokens: Mutex::default(), covered: Mutex::default() }
    }

    /// The client sends this.
    pub(crate) fn sent(&self, message: &Value) {
        if let Value::Array(items) = message {
            return items.iter().for_each(|item| self.sent(item));
        }
        let meta = &message["params"]["_meta"];
        // A handshake stays what it is, even if it repeats its revision as requests without a session do.
        let is_handshake = message["method"] == "initialize"
            && meta[VERSION].as_str().and_then(|version| version.parse().ok()) == Some(self.revision);
        let claims = meta.get(VERSION).is_some() && !is_handshake;
        let revision = if claims { Revision::V2026_07_28 } else { self.revision };
        if let Some(token) = meta.get("progressToken") {
            self.tokens.lock().unwrap().insert(token.to_string(), revision);
        }
        if let (Some(id), Some(method)) = (message.get("id"), message["method"].as_str()) {
            let mut requests = self.requests.lock().unwrap();
            requests.entry(id.to_string()).or_default().push((method.to_owned(), revision));
        }
    }

    /// Validates what the server sends.
    pub(crate) fn check(&self, message: &Value) -> Result<(), String> {
        if let Value::Array(items) = message {
            schema::check(self.revision, &Kind::Batch, message)?;
            self.cover(self.revision, Kind::Batch);
            return items.iter().try_for_each(|item| self.check(item));
        }
        let candidates = self.candidates(message);
        let mut faults = Vec::new();
        for (revision, kind) in candidates {
            match schema::check(revision, &kind, message) {
                Ok(()) => {
                    self.cover(revision, kind);
                    return Ok(());
                }
                Err(fault) => faults.push(fault),
            }
        }
        faults.dedup();
        Err(if faults.is_empty() { "nobody asked for this".to_owned() } else { faults.join("\n  or ") })
    }

    fn candidates(&self, message: &Value) -> Vec<(Revision, Kind)> {
        if let Some(method) = message["method"].as_str() {
            let method = method.to_owned();
            let kind = if message.get("id").is_some() { Kind::Request } else { Kind::Notification };
            return vec![(self.revision_of(&message["params"]), kind(method))];
        }
        let requests = self.requests.lock().unwrap();
        let asked = message.get("id").and_then(|id| requests.get(&id.to_string()));
        let asked = asked.map_or(&[][..], Vec::as_slice);
        match message["error"]["code"].as_i64() {
            Some(code) => {
                let revisions = asked.iter().map(|(_, revision)| *revision);
                let known: Vec<_> = revisions.map(|revision| (revision, Kind::Error(code))).collect();
                if known.is_empty() { vec![(self.revision, Kind::Error(code))] } else { known }
            }
            None => {
                let wants_more = message["result"]["resultType"] == "input_required";
                let kind = if wants_more { Kind::InputRequired } else { Kind::Result };
                asked.iter().map(|(method, revision)| (*revision, kind(method.clone()))).collect()
            }
        }
    }

    fn revision_of(&self, params: &Value) -> Revision {
        if params["_meta"].get(SUBSCRIPTION).is_some() {
            return Revision::V2026_07_28;
        }
        let token = params.get("progressToken").map(Value::to_string);
        token.and_then(|token| self.tokens.lock().unwrap().get(&token).copied()).unwrap_or(self.revision)
    }

    fn cover(&self, revision: Revision, kind: Kind) {
        self.covered.lock().unwrap().insert((revision, kind));
    }

    /// All that was valid so far.
    pub(crate) fn covered(&self) -> Covered {
        self.covered.lock().unwrap().clone()
    }
}
