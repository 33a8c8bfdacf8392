use std::{
    mem,
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use bytes::{Buf, Bytes};
use http::{Response, StatusCode, request::Parts};
use http_body::Body;
use toolwright_core::{
    headers::MCP_SESSION_ID,
    joint::{Inbound, Outlet, Principal, SessionLookup, Transport},
};

use super::{
    accept::{Accepts, is_json},
    body,
    exchange::Exchange,
    running::{Hold, InPlace, Running, broken},
};
use crate::{reply, shared::Shared};

/// Serves one message ("Streamable HTTP", "Sending Messages to the Server").
///
/// A call that sends nothing before its answer runs in this future alone: no task, no channel, and for stateless revisions no lock.
pub(crate) async fn post<B>(
    shared: &Arc<Shared>,
    parts: &mut Parts,
    body: B,
    principal: Option<Principal>,
    peer: Option<SocketAddr>,
) -> Response<reply::Body>
where
    B: Body,
    B::Data: Buf,
{
    if shared.life.is_draining() && !parts.headers.contains_key(MCP_SESSION_ID) {
        // What belongs to a session may be the answer that a running call waits for.
        return reply::ending();
    }
    if !is_json(&parts.headers) {
        return reply::invalid(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "the body must be JSON, uncompressed: send `Content-Type: application/json`",
        );
    }
    let Some(accepts) = Accepts::of(&parts.headers) else {
        return reply::invalid(
            StatusCode::NOT_ACCEPTABLE,
            "answers are JSON or a stream of events: send `Accept: application/json, text/event-stream`",
        );
    };
    if !shared.slots.begin_request() {
        return reply::unavailable(
            "the server is busy with as many requests as it may serve; try again later",
        );
    }
    let exchange = Exchange::new(Arc::clone(shared), principal.clone(), accepts);
    let hold = Hold(Arc::new(exchange));
    let body = match body::read(body, shared.limits.body, shared.options.body_timeout).await {
        Ok(body) => body,
        Err(unread) => return unread.response(),
    };
    match call(hold, parts, body, principal, peer) {
        Some(running) => InPlace::new(running).await,
        None => reply::answer(broken()),
    }
}

/// Hands the message to the endpoint; nothing if that panics.
fn call(
    hold: Hold,
    parts: &mut Parts,
    body: Bytes,
    principal: Option<Principal>,
    peer: Option<SocketAddr>,
) -> Option<Running> {
    let outlet = Arc::clone(&hold.0) as Arc<dyn Outlet>;
    let mut inbound = Inbound::new(body, Transport::Http, outlet);
    inbound.lookup = Some(Arc::clone(&hold.0) as Arc<dyn SessionLookup>);
    inbound.principal = principal;
    inbound.headers = mem::take(&mut parts.headers);
    inbound.uri = Some(mem::take(&mut parts.uri));
    inbound.extensions = mem::take(&mut parts.extensions);
    inbound.peer = peer;
    let endpoint = &hold.0.shared.endpoint;
    let call = catch_unwind(AssertUnwindSafe(|| endpoint.call(inbound))).ok()?;
    Some(Running::new(call, hold))
}
