use bytes::Bytes;
use serde_json::{Value, json};
use toolwright_core::{
    joint::{Incoming, Outgoing},
    jsonrpc::Id,
};

/// Which request of a call this is, if it is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The call itself.
    First,
    /// The call once more, with the state of the server.
    Again,
    Other,
}

/// What a message is.
pub(super) fn kind(message: &Outgoing) -> Kind {
    let called = message.method.as_deref();
    if !called.is_some_and(|method| ["tools/call", "prompts/get", "resources/read"].contains(&method)) {
        return Kind::Other;
    }
    if read(&message.body)["params"]["requestState"].is_null() { Kind::First } else { Kind::Again }
}

/// The same request under another id.
pub(super) fn copy(message: &Outgoing, id: Id) -> Outgoing {
    changed(message, |body| body["id"] = json!(id), id.clone())
}

/// The same request under another id, with refusals instead of the answers of the user.
pub(super) fn refusing(message: &Outgoing, id: Id) -> Outgoing {
    let refuse = |body: &mut Value| {
        body["id"] = json!(id);
        let answers = body["params"]["inputResponses"].as_object_mut();
        for answer in answers.into_iter().flat_map(|answers| answers.values_mut()) {
            if answer.get("action").is_some() {
                *answer = json!({ "action": "decline" });
            }
        }
    };
    changed(message, refuse, id.clone())
}

fn changed(message: &Outgoing, change: impl FnOnce(&mut Value), id: Id) -> Outgoing {
    let mut body = read(&message.body);
    change(&mut body);
    let mut changed = Outgoing::request(id, body.to_string()).headers(message.headers.clone());
    changed.method.clone_from(&message.method);
    changed
}

/// A reply under the id of the request that gets it.
pub(super) fn under(mut reply: Incoming, id: &Id) -> Incoming {
    if let Some(body) = &reply.body {
        let mut body = read(body);
        body["id"] = json!(id);
        reply.body = Some(body.to_string().into());
    }
    reply
}

/// The text of a reply, but for its id.
pub(super) fn text(reply: &Incoming) -> String {
    let Some(body) = &reply.body else { return "no body".to_owned() };
    let mut body = read(body);
    body["id"].take();
    body.to_string()
}

/// Whether a reply asks something, so that the call is not over.
pub(super) fn asks(reply: &Incoming) -> bool {
    reply.body.as_ref().is_some_and(|body| read(body)["result"]["resultType"] == "input_required")
}

fn read(body: &Bytes) -> Value {
    serde_json::from_slice(body).unwrap_or_default()
}
