use std::sync::Arc;

use bytes::Bytes;
use http::StatusCode;
use toolwright_core::{
    joint::{Arrival, BoxFuture, Closed, Outlet, Refused, SendError, SessionLookup, Standing},
    jsonrpc::RpcError,
};

use crate::{session::Entry, stream::Stream};

/// Where everything goes that belongs to a message: to the one stream of its session.
pub(super) struct Outward {
    pub(super) entry: Arc<Entry>,
    pub(super) stream: Arc<Stream>,
}

impl Outlet for Outward {
    fn try_send(&self, message: Bytes) -> Result<(), SendError> {
        self.stream.try_push(message)
    }

    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        Box::pin(self.stream.push(message))
    }
}

impl SessionLookup for Outward {
    fn find(&self, arrival: &Arrival<'_>) -> Result<Standing, Refused> {
        if arrival.stateless {
            // Without the status and the headers that its revision wants, and with a session that it must not have.
            let error = RpcError::invalid_request(
                "this endpoint speaks 2024-11-05 and serves no stateless requests; send them by POST to the MCP endpoint",
            );
            return Err(Refused::new(StatusCode::BAD_REQUEST, error));
        }
        Ok(Standing::session(self.entry.session()))
    }
}
