//! Questions to clients of the stateless revision: they answer by calling again.
mod asking;
mod claims;
mod layers;
mod links;
mod once;
mod sampling;
mod sealing;

use serde_json::{Value, json};
use toolwright_core::joint::Principal;
use toolwright_server::Server;

use crate::wire::{Wire, modern};

/// A stateless client that makes one call, round after round.
pub(crate) struct Caller {
    pub(crate) wire: Wire,
    method: &'static str,
    params: Value,
    capabilities: Value,
}

impl Caller {
    pub(crate) fn new(server: &Server, method: &'static str, params: Value) -> Self {
        let capabilities = json!({ "elicitation": {}, "sampling": {}, "roots": {} });
        Self { wire: Wire::stateless(server), method, params, capabilities }
    }

    /// A call of the tool `name` without arguments.
    pub(crate) fn tool(server: &Server, name: &str) -> Self {
        Self::new(server, "tools/call", json!({ "name": name }))
    }

    pub(crate) fn principal(mut self, principal: Principal) -> Self {
        self.wire = self.wire.principal(principal);
        self
    }

    pub(crate) fn params(mut self, params: Value) -> Self {
        self.params = params;
        self
    }

    pub(crate) fn capabilities(mut self, capabilities: Value) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// The first call.
    pub(crate) async fn start(&self) -> Value {
        self.send(json!({})).await
    }

    /// Calls again with what `asked` says, and these answers.
    pub(crate) async fn again(&self, asked: &Value, answers: Value) -> Value {
        self.send(json!({ "requestState": state(asked), "inputResponses": answers })).await
    }

    /// Calls with these members besides the usual ones.
    pub(crate) async fn send(&self, more: Value) -> Value {
        self.wire.ask(self.request(more)).await
    }

    pub(crate) fn request(&self, more: Value) -> Value {
        let mut params = self.params.clone();
        params.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        modern(1, self.method, params, self.capabilities.clone())
    }
}

/// The state of a reply that asks.
pub(crate) fn state(asked: &Value) -> String {
    assert_eq!(asked["result"]["resultType"], "input_required", "{asked}");
    asked["result"]["requestState"].as_str().unwrap().to_owned()
}

/// The keys of the questions of a reply that asks, in the order of the alphabet.
pub(crate) fn keys(asked: &Value) -> Vec<String> {
    state(asked);
    asked["result"]["inputRequests"].as_object().unwrap().keys().cloned().collect()
}

/// The text of a tool that ran to its end.
pub(crate) fn text(answer: &Value) -> &str {
    assert_eq!(answer["result"]["resultType"], "complete", "{answer}");
    assert_ne!(answer["result"]["isError"], true, "{answer}");
    answer["result"]["content"][0]["text"].as_str().unwrap()
}

/// The text of a tool that failed.
pub(crate) fn failure(answer: &Value) -> &str {
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    answer["result"]["content"][0]["text"].as_str().unwrap()
}

/// Consent, or none.
pub(crate) fn yes(value: bool) -> Value {
    json!({ "action": "accept", "content": { "value": value } })
}
