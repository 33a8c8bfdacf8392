use std::collections::HashMap;

use bytes::Bytes;
use serde::Deserialize;
use serde_json::value::RawValue;
use toolwright_core::{Raw, joint::Principal, jsonrpc::RpcError, model::Method};

use super::{
    Rounds,
    state::{Content, Request},
};
use crate::{call::Head, engine::Engine};

/// What a client sends when it calls again: answers, a state, or both, as their text.
#[derive(Debug)]
pub(crate) struct Sent {
    pub(crate) responses: Option<Bytes>,
    pub(crate) state: Option<Bytes>,
}

impl Sent {
    /// The two members as parts of `body`; nothing where neither is there.
    pub(crate) fn of(
        body: &Bytes,
        responses: Option<&RawValue>,
        state: Option<&RawValue>,
    ) -> Option<Box<Self>> {
        if responses.is_none() && state.is_none() {
            return None;
        }
        let part = |raw: &RawValue| body.slice_ref(raw.get().as_bytes());
        Some(Box::new(Self { responses: responses.map(part), state: state.map(part) }))
    }
}

/// Reads what the client sent along, before anything runs ("Multi Round-Trip Requests", "Server Requirements").
pub(crate) fn opened(
    engine: &Engine,
    principal: Option<&Principal>,
    method: &Method,
    head: &Head,
) -> Result<Option<Rounds>, RpcError> {
    let Some(sent) = &head.sent else { return Ok(None) };
    let given = match &sent.responses {
        Some(text) => responses(text)?,
        None => HashMap::new(),
    };
    let content = match &sent.state {
        Some(text) => {
            let request = Request {
                principal,
                method,
                version: head.meta.pinned.as_deref(),
                params: head.meta.params(),
            };
            let text = serde_json::from_slice::<String>(text).ok();
            let content = text.and_then(|text| Content::open(engine, &request, &text));
            Some(content.ok_or_else(stale)?)
        }
        None => None,
    };
    Ok(Some(Rounds::again(given, content)))
}

/// The one error for a state that is not for this request, whatever the reason.
pub(crate) fn stale() -> RpcError {
    RpcError::invalid_params(
        "`params.requestState` is not good for this request: it is another server's or another request's, was changed, or has \
         expired; send the request once more without it",
    )
}

fn responses(text: &[u8]) -> Result<HashMap<String, Raw>, RpcError> {
    let malformed = |what: &str| RpcError::invalid_params(format!("`params.inputResponses` {what}"));
    let responses: Option<HashMap<String, Object>> = serde_json::from_slice(text).map_err(|_| {
        malformed("must be an object of objects: under each key, the result that answers the question")
    })?;
    let responses =
        responses.ok_or_else(|| malformed("must not be null; leave it out if there are no answers"))?;
    Ok(responses.into_iter().map(|(key, Object(answer))| (key, answer)).collect())
}

struct Object(Raw);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Raw::deserialize(deserializer)?;
        if raw.is_object() { Ok(Self(raw)) } else { Err(serde::de::Error::custom("no object")) }
    }
}
