use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Response, StatusCode};
use toolwright_core::{
    joint::{Principal, Refused},
    jsonrpc::RpcError,
};

use super::PairPaths;
use crate::{
    post::Accepts,
    reply::{self, Body},
    session::{Active, Entry, Kind, Sessions},
    shared::Shared,
    slots::StreamSlot,
    stream::SseBody,
};

/// Opens a session and its one stream, which begins with the address that messages go to (2024-11-05, "HTTP with SSE").
pub(crate) fn open(
    shared: &Arc<Shared>,
    paths: &PairPaths,
    headers: &HeaderMap,
    principal: Option<&Principal>,
) -> Response<Body> {
    try_open(shared, paths, headers, principal)
        .unwrap_or_else(|refused| reply::refusal(refused.status, &refused.error))
}

fn try_open(
    shared: &Arc<Shared>,
    paths: &PairPaths,
    headers: &HeaderMap,
    principal: Option<&Principal>,
) -> Result<Response<Body>, Refused> {
    if shared.life.is_draining() {
        return Err(unavailable("the server is shutting down; try again, another instance may take over"));
    }
    if !Accepts::of(headers).is_some_and(|accepts| accepts.events) {
        let error =
            RpcError::invalid_request("GET opens a stream of events: send `Accept: text/event-stream`");
        return Err(Refused::new(StatusCode::NOT_ACCEPTABLE, error));
    }
    let slot = StreamSlot::take(shared)
        .ok_or_else(|| unavailable("the server has too many open streams; try again later"))?;
    let entry = shared.sessions.open(principal, Kind::Pair);
    let active = entry.begin_reading().ok_or_else(|| unavailable("the server has too many open streams"))?;
    shared.sessions.enter(Arc::clone(&entry))?;
    let open = Open { sessions: Arc::clone(&shared.sessions), entry, _active: active, _slot: slot };
    let stream = open.entry.general().ok_or_else(|| unavailable("the server is shutting down"))?;
    let address = Bytes::from(format!("event: endpoint\ndata: {}\n\n", paths.endpoint(open.entry.id())));
    let events = SseBody::new(stream.attach(), shared.options.keep_alive).first(address).holding(open);
    Ok(reply::events(HeaderMap::new(), events))
}

fn unavailable(text: &'static str) -> Refused {
    Refused::new(StatusCode::SERVICE_UNAVAILABLE, RpcError::internal_error(text))
}

/// The session of an open stream, which ends with it.
struct Open {
    sessions: Arc<Sessions>,
    entry: Arc<Entry>,
    _active: Active,
    _slot: StreamSlot,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.sessions.remove(self.entry.id());
    }
}
