use std::sync::Arc;

use http::{HeaderMap, Response, StatusCode};
use toolwright_core::joint::{Outbound, Principal};

use crate::{
    reply::{self, Body},
    shared::Shared,
};

/// Ends a session that its client needs no more (2025-11-25, "Session Management"): running requests are cancelled, streams end.
pub(crate) fn delete(
    shared: &Arc<Shared>,
    headers: &HeaderMap,
    principal: Option<&Principal>,
) -> Response<Body> {
    if !shared.sessions.are_offered() {
        return reply::method_not_allowed("POST");
    }
    match shared.sessions.named(headers, principal) {
        Ok(entry) => {
            shared.sessions.remove(entry.id());
            // Some clients take 202 for a failure.
            reply::answer(Outbound::nothing().status(StatusCode::NO_CONTENT))
        }
        Err(refused) => reply::refusal(refused.status, &refused.error),
    }
}
