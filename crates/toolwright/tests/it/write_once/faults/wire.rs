//! Messages of a stateless client, sent by hand.
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use toolwright::{
    core::{
        joint::{Attach, Connect, Incoming, Link, LinkError, Mute, Outgoing, Principal},
        jsonrpc::Id,
    },
    http::axum::http::HeaderMap,
    prelude::{serde_json::Value, *},
};

/// A connection.
pub(super) struct Wire {
    link: Arc<dyn Link>,
    next: AtomicI64,
}

impl Wire {
    pub(super) async fn to(server: &impl Connect) -> Self {
        Self::of(server, None).await
    }

    /// The connection of this caller.
    pub(super) async fn of(server: &impl Connect, principal: Option<Principal>) -> Self {
        let attach = Attach::new(Arc::new(Mute)).principal(principal);
        let link = server.connect(attach).await.expect("a server in process answers");
        Self { link, next: AtomicI64::new(1) }
    }

    /// Sends a call; the future is the answer, and may be dropped.
    pub(super) fn post(
        &self,
        call: &Value,
    ) -> impl Future<Output = Result<Answer, LinkError>> + Send + 'static {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let mut params = call.clone();
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
            "io.modelcontextprotocol/clientCapabilities": { "elicitation": { "form": {} } },
        });
        let body = json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": params });
        let mut headers = HeaderMap::new();
        let name = params["name"].as_str().expect("a call names a tool");
        for (header, value) in
            [("mcp-protocol-version", "2026-07-28"), ("mcp-method", "tools/call"), ("mcp-name", name)]
        {
            headers.insert(header, value.parse().expect("a name is good for a header"));
        }
        let message =
            Outgoing::request(Id::Integer(id), body.to_string()).method("tools/call").headers(headers);
        let sent = self.link.exchange(message);
        async move { sent.await.map(Answer::read) }
    }

    /// Sends a call and waits for its answer.
    pub(super) async fn call(&self, call: &Value) -> Answer {
        self.post(call).await.expect("the server answers")
    }
}

/// What the server said.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Answer(Value);

impl Answer {
    fn read(incoming: Incoming) -> Self {
        let body = incoming.body.expect("an answer has a body");
        let mut message: Value = serde_json::from_slice(&body).expect("an answer is JSON");
        message["id"].take();
        Self(message)
    }

    /// The text of a result.
    pub(super) fn text(&self) -> &str {
        self.0["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("no text: {}", self.0))
    }

    /// The code of an error.
    pub(super) fn code(&self) -> i64 {
        self.0["error"]["code"].as_i64().unwrap_or_else(|| panic!("no error: {}", self.0))
    }

    /// The keys of the questions, in their order.
    pub(super) fn questions(&self) -> Vec<&str> {
        let questions = self.0["result"]["inputRequests"].as_object();
        questions.unwrap_or_else(|| panic!("no questions: {}", self.0)).keys().map(String::as_str).collect()
    }

    /// The server's state.
    pub(super) fn state(&self) -> &str {
        self.0["result"]["requestState"].as_str().unwrap_or_else(|| panic!("no state: {}", self.0))
    }

    /// The same call once more with an answer to its only question.
    pub(super) fn retry(&self, call: &Value, value: impl Into<Value>) -> Value {
        let [question] = self.questions()[..] else { panic!("not one question: {}", self.0) };
        let answer = json!({ "action": "accept", "content": { "value": value.into() } });
        let mut retry = call.clone();
        retry["requestState"] = self.state().into();
        retry["inputResponses"] = json!({ question: answer });
        retry
    }
}
