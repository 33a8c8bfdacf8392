use std::sync::Arc;

use http::{HeaderMap, Response, StatusCode};
use toolwright_core::{
    headers::LAST_EVENT_ID,
    joint::{Principal, Refused},
    jsonrpc::RpcError,
};

use crate::{
    post::Accepts,
    reply::{self, Body},
    session::Entry,
    shared::Shared,
    slots::StreamSlot,
    stream::{Reader, SseBody},
};

/// Opens a stream of what a session has to say outside of requests, or goes on with one whose connection was lost (2025-11-25,
/// "Listening for Messages from the Server" and "Resumability and Redelivery").
pub(crate) fn get(
    shared: &Arc<Shared>,
    headers: &HeaderMap,
    principal: Option<&Principal>,
) -> Response<Body> {
    if !shared.sessions.are_offered() {
        return reply::method_not_allowed("POST");
    }
    open(shared, headers, principal).unwrap_or_else(|refused| reply::refusal(refused.status, &refused.error))
}

fn open(
    shared: &Arc<Shared>,
    headers: &HeaderMap,
    principal: Option<&Principal>,
) -> Result<Response<Body>, Refused> {
    if !Accepts::of(headers).is_some_and(|accepts| accepts.events) {
        let error =
            RpcError::invalid_request("GET opens a stream of events: send `Accept: text/event-stream`");
        return Err(Refused::new(StatusCode::NOT_ACCEPTABLE, error));
    }
    let entry = shared.sessions.named(headers, principal)?;
    let active = entry.begin_reading().ok_or_else(|| {
        let error = RpcError::invalid_request("this session has too many open streams; close one first");
        Refused::new(StatusCode::TOO_MANY_REQUESTS, error)
    })?;
    let slot = StreamSlot::take(shared).ok_or_else(|| {
        let error = RpcError::internal_error("the server has too many open streams; try again later");
        Refused::new(StatusCode::SERVICE_UNAVAILABLE, error)
    })?;
    let reader = reader(&entry, headers)?.retry(shared.options.retry);
    let events = SseBody::new(reader, shared.options.keep_alive).holding((active, slot));
    Ok(reply::events(HeaderMap::new(), events))
}

fn reader(entry: &Entry, headers: &HeaderMap) -> Result<Reader, Refused> {
    match headers.get(LAST_EVENT_ID).filter(|id| !id.is_empty()) {
        None => entry.general().map(|stream| stream.attach()).ok_or_else(|| {
            let error = RpcError::invalid_request("the session just ended; start over with `initialize`");
            Refused::new(StatusCode::NOT_FOUND, error)
        }),
        // Not 404, for that would tell the client that its session is gone.
        Some(id) => match id.to_str().ok().and_then(|id| entry.resume(id)) {
            Some((stream, sequence)) => Ok(stream.attach().resume_after(sequence)),
            None => {
                let error = RpcError::invalid_request(
                    "`Last-Event-ID` names no event of a stream that can still be resumed; leave it out to open a new stream",
                );
                Err(Refused::new(StatusCode::BAD_REQUEST, error))
            }
        },
    }
}
