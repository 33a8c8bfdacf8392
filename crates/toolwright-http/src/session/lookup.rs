use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use toolwright_core::{
    era::Revision,
    headers::{self, MCP_PROTOCOL_VERSION, MCP_SESSION_ID},
    joint::{Arrival, ArrivalKind, Principal, Refused},
    jsonrpc::RpcError,
    model::Method,
};

use super::{Entry, Sessions, entry::Kind};
use crate::server::SessionMode;

/// Where a message stands that came over HTTP.
#[derive(Debug)]
pub(crate) enum Place {
    /// In no session, and taken for this revision if the message does not name one.
    Stateless { assumed: Option<Revision> },
    /// In this session.
    In(Arc<Entry>),
    /// In a new session, which is to be entered once the handshake succeeded.
    Opening(Arc<Entry>),
}

/// What the headers of a request say about sessions and revisions.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    session: Option<HeaderValue>,
    version: Option<HeaderValue>,
    repeated: Option<HeaderName>,
}

impl Seen {
    /// Looks at the headers of a request. Nothing is judged yet, since messages of stateless revisions are not bound by it.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut seen = Self::default();
        match headers::single(headers, &MCP_SESSION_ID) {
            Ok(session) => seen.session = session.cloned(),
            Err(_) => seen.repeated = Some(MCP_SESSION_ID),
        }
        match headers::single(headers, &MCP_PROTOCOL_VERSION) {
            Ok(version) => seen.version = version.cloned(),
            Err(_) => seen.repeated = Some(MCP_PROTOCOL_VERSION),
        }
        seen
    }
}

impl Sessions {
    /// Finds where a message stands: what its body claims goes first, then the handshake, then the session header, then the version
    /// header ("Versioning"; 2025-11-25, "Session Management" and "Protocol Version Header").
    ///
    /// # Errors
    /// 400 for headers that are missing or wrong, 404 for a session that is not known (any more), 429 for too many requests in one
    /// session.
    pub(crate) fn stand(
        &self,
        arrival: &Arrival<'_>,
        seen: &Seen,
        principal: Option<&Principal>,
    ) -> Result<Place, Refused> {
        if arrival.stateless {
            return Ok(Place::Stateless { assumed: None });
        }
        // The handshake settles the revision whatever the headers say, and begins a new session whatever came before.
        if matches!(arrival.kind, ArrivalKind::Request(Method::Initialize)) {
            return Ok(if self.are_offered() {
                Place::Opening(self.open(principal, Kind::Streamable))
            } else {
                Place::Stateless { assumed: None }
            });
        }
        let named = self.version(seen)?;
        if let Some(id) = &seen.session {
            let entry = self.known(id, principal)?;
            let asks = matches!(arrival.kind, ArrivalKind::Request(_) | ArrivalKind::Batch);
            return if asks && entry.is_full() { Err(busy()) } else { Ok(Place::In(entry)) };
        }
        match named {
            // The body lacks what this revision wants there, and the endpoint says so.
            Some(revision) if revision.era().is_stateless() => Ok(Place::Stateless { assumed: None }),
            _ if self.terms.mode == SessionMode::Required && self.are_offered() => Err(missing()),
            named => Ok(Place::Stateless { assumed: named.or(self.served.unstated()) }),
        }
    }

    /// The session of a request that has no body: GET and DELETE.
    ///
    /// # Errors
    /// 400 for headers that are missing or wrong, 404 for a session that is not known (any more).
    pub(crate) fn named(&self, seen: &Seen, principal: Option<&Principal>) -> Result<Arc<Entry>, Refused> {
        self.version(seen)?;
        self.known(seen.session.as_ref().ok_or_else(missing)?, principal)
    }

    fn known(&self, id: &HeaderValue, principal: Option<&Principal>) -> Result<Arc<Entry>, Refused> {
        let id = id.to_str().ok();
        id.and_then(|id| self.get(id, principal, Kind::Streamable)).ok_or_else(unknown)
    }

    /// The revision that the version header names.
    fn version(&self, seen: &Seen) -> Result<Option<Revision>, Refused> {
        if let Some(name) = &seen.repeated {
            let error = RpcError::invalid_request(format!("the header `{name}` must be sent once"));
            return Err(Refused::new(StatusCode::BAD_REQUEST, error));
        }
        let Some(version) = &seen.version else { return Ok(None) };
        let named = version.to_str().ok().and_then(|version| version.parse().ok());
        match named.filter(|revision| self.served.has(*revision)) {
            Some(revision) => Ok(Some(revision)),
            None => {
                let requested = String::from_utf8_lossy(version.as_bytes());
                let error = RpcError::unsupported_protocol_version(&requested, &self.served.names());
                Err(Refused::new(StatusCode::BAD_REQUEST, error))
            }
        }
    }
}

fn missing() -> Refused {
    let error = RpcError::invalid_request(
        "the header `Mcp-Session-Id` is missing; send the one that came with the answer to `initialize`",
    );
    Refused::new(StatusCode::BAD_REQUEST, error)
}

/// Says the same of sessions that ended, that never were, and that belong to somebody else.
fn unknown() -> Refused {
    let error = RpcError::invalid_request("the session is unknown or ended; start over with `initialize`");
    Refused::new(StatusCode::NOT_FOUND, error)
}

fn busy() -> Refused {
    let error =
        RpcError::invalid_request("too many requests of this session are running; wait for some to finish");
    Refused::new(StatusCode::TOO_MANY_REQUESTS, error)
}
