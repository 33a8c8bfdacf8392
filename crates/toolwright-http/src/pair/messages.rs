use std::{
    future::poll_fn,
    mem,
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::Poll,
};

use bytes::Buf;
use http::{Response, StatusCode, request::Parts};
use toolwright_core::{
    joint::{Inbound, Outbound, Outlet, Principal, SendError, SessionLookup, Transport},
    jsonrpc::RpcError,
};

use super::{outward::Outward, paths};
use crate::{
    post::{broken, is_json, poll_call, read},
    reply::{self, Body},
    session::{Active, Kind},
    shared::Shared,
    stream::Stream,
};

/// Takes one message of a client. Its answer goes to the stream of the session, whatever it is (2024-11-05, "HTTP with SSE").
pub(crate) async fn messages<B>(
    shared: &Arc<Shared>,
    parts: &mut Parts,
    body: B,
    principal: Option<Principal>,
    peer: Option<SocketAddr>,
) -> Response<Body>
where
    B: http_body::Body,
    B::Data: Buf,
{
    if !is_json(&parts.headers) {
        return reply::invalid(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the body must be JSON, uncompressed: send `Content-Type: application/json`",
        );
    }
    let Some(id) = paths::session(parts.uri.query()) else {
        return reply::invalid(
            StatusCode::BAD_REQUEST,
            "the address names no session: use the one that the stream began with",
        );
    };
    let found = shared.sessions.get(id, principal.as_ref(), Kind::Pair);
    let Some((entry, stream)) = found.and_then(|entry| Some((Arc::clone(&entry), entry.general()?))) else {
        return reply::invalid(
            StatusCode::NOT_FOUND,
            "the session is unknown or ended; open a new stream to start over",
        );
    };
    if entry.is_full() {
        let error = RpcError::invalid_request(
            "too many requests of this session are running; wait for some to finish",
        );
        return reply::refusal(StatusCode::TOO_MANY_REQUESTS, &error);
    }
    let Some(slot) = Slot::take(shared) else {
        return reply::unavailable(
            "the server is busy with as many requests as it may serve; try again later",
        );
    };
    let active = entry.begin();
    let body = match read(body, shared.limits.body, shared.options.body_timeout).await {
        Ok(body) => body,
        Err(unread) => return unread.response(),
    };
    let outward = Arc::new(Outward { entry, stream: Arc::clone(&stream) });
    let mut inbound = Inbound::new(body, Transport::Http, Arc::clone(&outward) as Arc<dyn Outlet>)
        .lookup(outward as Arc<dyn SessionLookup>)
        .principal(principal)
        .headers(mem::take(&mut parts.headers))
        .uri(mem::take(&mut parts.uri))
        .extensions(mem::take(&mut parts.extensions));
    inbound.peer = peer;
    let call = catch_unwind(AssertUnwindSafe(|| shared.endpoint.call(inbound)));
    let mut call = call.unwrap_or_else(|_| Box::pin(std::future::ready(broken())));
    // Begun before the client may send its next message, so that messages are taken in their order.
    match poll_fn(|context| Poll::Ready(poll_call(&mut call, context))).await {
        Poll::Ready(outbound) => {
            drop(slot);
            answer(stream, outbound, active);
        }
        Poll::Pending => {
            tokio::spawn(async move {
                let outbound = poll_fn(|context| poll_call(&mut call, context)).await;
                drop((call, slot));
                answer(stream, outbound, active);
            });
        }
    }
    reply::answer(Outbound::nothing())
}

/// Sends the answer. A client that does not read keeps the session busy until it does, and nobody else.
fn answer(stream: Arc<Stream>, outbound: Outbound, active: Active) {
    let Some(body) = outbound.body else { return };
    if let Err(SendError::Full(body)) = stream.try_push(body) {
        tokio::spawn(async move {
            // Closed when the client is gone for good.
            let _ = stream.push(body).await;
            drop(active);
        });
    }
}

/// The place of a call, given back when dropped.
struct Slot(Arc<Shared>);

impl Slot {
    fn take(shared: &Arc<Shared>) -> Option<Self> {
        shared.slots.begin_request().then(|| Self(Arc::clone(shared)))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.slots.end_request();
    }
}
