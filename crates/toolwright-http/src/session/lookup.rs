use std::sync::Arc;

use http::{HeaderMap, HeaderValue, StatusCode};
use toolwright_core::{
    era::Revision,
    headers::{MCP_PROTOCOL_VERSION, MCP_SESSION_ID, single},
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
struct Seen<'a> {
    session: Option<&'a HeaderValue>,
    version: Option<&'a HeaderValue>,
}

impl<'a> Seen<'a> {
    /// Looks at the headers of a request that is bound by them: none of a stateless revision.
    fn of(headers: &'a HeaderMap) -> Result<Self, Refused> {
        let one = |name| {
            single(headers, name).map_err(|error| {
                Refused::new(StatusCode::BAD_REQUEST, RpcError::invalid_request(error.to_string()))
            })
        };
        Ok(Self { session: one(&MCP_SESSION_ID)?, version: one(&MCP_PROTOCOL_VERSION)? })
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
        let seen = Seen::of(arrival.headers)?;
        let named = self.version(&seen)?;
        if let Some(id) = seen.session {
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
    pub(crate) fn named(
        &self,
        headers: &HeaderMap,
        principal: Option<&Principal>,
    ) -> Result<Arc<Entry>, Refused> {
        let seen = Seen::of(headers)?;
        self.version(&seen)?;
        self.known(seen.session.ok_or_else(missing)?, principal)
    }

    fn known(&self, id: &HeaderValue, principal: Option<&Principal>) -> Result<Arc<Entry>, Refused> {
        let id = id.to_str().ok();
        id.and_then(|id| self.get(id, principal, Kind::Streamable)).ok_or_else(unknown)
    }

    /// The revision that the version header names.
    fn version(&self, seen: &Seen<'_>) -> Result<Option<Revision>, Refused> {
        let Some(version) = seen.version else { return Ok(None) };
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

#[cfg(test)]
mod tests {
    use toolwright_core::{
        era::Served,
        joint::{Limits, Surface},
    };

    use super::*;
    use crate::session::{
        Terms,
        double::{Double, TERMS, sessions},
    };

    fn headers(headers: &[(&'static str, &str)]) -> HeaderMap {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        map
    }

    fn in_mode(mode: SessionMode) -> Arc<Sessions> {
        sessions(Terms { mode, ..TERMS })
    }

    fn request<'a>(method: &'a Method, headers: &'a HeaderMap) -> Arrival<'a> {
        Arrival::new(ArrivalKind::Request(method), false, headers)
    }

    fn stand(sessions: &Sessions, sent: &[(&'static str, &str)]) -> Result<Place, u16> {
        let found = sessions.stand(&request(&Method::ListTools, &headers(sent)), None);
        found.map_err(|refused| refused.status.as_u16())
    }

    #[tokio::test]
    async fn what_the_body_claims_goes_before_all_headers() {
        let sessions = in_mode(SessionMode::Required);
        let headers = headers(&[("mcp-session-id", "never given"), ("mcp-protocol-version", "v999.0.0")]);
        let arrival = Arrival::new(ArrivalKind::Request(&Method::ListTools), true, &headers);
        let place = sessions.stand(&arrival, None);
        assert!(matches!(place, Ok(Place::Stateless { assumed: None })));
    }

    #[tokio::test]
    async fn a_handshake_opens_a_session_whatever_headers_come_with_it() {
        for mode in [SessionMode::Optional, SessionMode::Required] {
            let sessions = in_mode(mode);
            let all = [
                headers(&[]),
                headers(&[("mcp-protocol-version", "2025-11-25")]),
                headers(&[("mcp-protocol-version", "2026-07-28")]),
                headers(&[("mcp-session-id", "of an earlier server")]),
            ];
            for headers in all {
                let place = sessions.stand(&request(&Method::Initialize, &headers), None);
                assert!(matches!(place, Ok(Place::Opening(_))), "{headers:?}: {place:?}");
            }
            assert_eq!(sessions.len(), 0, "it is entered when the handshake succeeded");
        }
        let off = in_mode(SessionMode::Off).stand(&request(&Method::Initialize, &HeaderMap::new()), None);
        assert!(matches!(off, Ok(Place::Stateless { assumed: None })));
    }

    #[tokio::test]
    async fn a_session_takes_messages_of_its_owner_with_any_served_version_header() {
        let sessions = in_mode(SessionMode::Optional);
        let ada = Principal::new("ada");
        let entry = sessions.open(Some(&ada), Kind::Streamable);
        sessions.enter(Arc::clone(&entry)).unwrap();
        for version in ["2024-11-05", "2025-03-26", "2025-11-25", "2026-07-28"] {
            let headers = headers(&[("mcp-session-id", entry.id()), ("mcp-protocol-version", version)]);
            for kind in [
                ArrivalKind::Request(&Method::ListTools),
                ArrivalKind::Notification(&Method::Initialized),
                ArrivalKind::Response,
                ArrivalKind::Batch,
            ] {
                let place = sessions.stand(&Arrival::new(kind, false, &headers), Some(&ada)).unwrap();
                assert!(matches!(place, Place::In(found) if Arc::ptr_eq(&found, &entry)));
            }
        }
        assert_eq!(stand(&sessions, &[("mcp-session-id", entry.id())]).unwrap_err(), 404, "somebody else");
        sessions.remove(entry.id());
        let headers = headers(&[("mcp-session-id", entry.id())]);
        let refused = sessions.stand(&request(&Method::ListTools, &headers), Some(&ada)).unwrap_err();
        assert_eq!(refused.status, StatusCode::NOT_FOUND);
        assert_eq!(refused.error.code, -32600);
        assert!(refused.error.message.contains("start over with `initialize`"));
    }

    #[tokio::test]
    async fn without_a_session_the_version_header_decides() {
        for mode in [SessionMode::Optional, SessionMode::Off] {
            let sessions = in_mode(mode);
            let assumed = |headers: &[(&'static str, &str)]| match stand(&sessions, headers) {
                Ok(Place::Stateless { assumed }) => assumed,
                other => panic!("{headers:?}: {other:?}"),
            };
            assert_eq!(assumed(&[]), Some(Revision::V2025_03_26));
            assert_eq!(assumed(&[("mcp-protocol-version", "2025-11-25")]), Some(Revision::V2025_11_25));
            assert_eq!(assumed(&[("mcp-protocol-version", "2026-07-28")]), None);
            assert_eq!(stand(&sessions, &[("mcp-session-id", "stale")]).unwrap_err(), 404);
        }
    }

    #[tokio::test]
    async fn where_sessions_are_required_a_message_without_one_is_told_the_header() {
        let sessions = in_mode(SessionMode::Required);
        for kind in [ArrivalKind::Request(&Method::ListTools), ArrivalKind::Response, ArrivalKind::Batch] {
            let refused = sessions.stand(&Arrival::new(kind, false, &HeaderMap::new()), None).unwrap_err();
            assert_eq!(refused.status, StatusCode::BAD_REQUEST);
            assert!(refused.error.message.contains("`Mcp-Session-Id`"));
        }
        let modern = stand(&sessions, &[("mcp-protocol-version", "2026-07-28")]);
        assert!(
            matches!(modern, Ok(Place::Stateless { assumed: None })),
            "the endpoint names what is missing"
        );
    }

    #[tokio::test]
    async fn a_version_header_that_is_not_served_and_a_repeated_header_are_400() {
        let surface = Surface::new(Limits::default(), None)
            .served(Served::only([Revision::V2025_06_18, Revision::V2025_11_25]));
        let endpoint = Arc::new(Double { surface, ..Double::default() });
        let sessions = Sessions::new(endpoint, TERMS, None);
        let entry = sessions.open(None, Kind::Streamable);
        sessions.enter(Arc::clone(&entry)).unwrap();
        let id: &str = entry.id();
        for version in ["2025-03-26", "2026-07-28", "v999.0.0", ""] {
            for session in [None, Some(("mcp-session-id", id))] {
                let mut headers = vec![("mcp-protocol-version", version)];
                headers.extend(session);
                assert_eq!(stand(&sessions, &headers).unwrap_err(), 400, "{headers:?}");
            }
        }
        assert_eq!(stand(&sessions, &[("mcp-session-id", id), ("mcp-session-id", id)]).unwrap_err(), 400);
        let stateless = stand(&sessions, &[]).unwrap();
        assert!(matches!(stateless, Place::Stateless { assumed: None }), "2025-03-26 is not served");
    }

    #[tokio::test]
    async fn too_many_requests_of_one_session_are_429_and_notifications_still_come_through() {
        let surface = Surface::new(Limits::default().in_flight(1), None);
        let endpoint = Arc::new(Double { surface, ..Double::default() });
        let sessions = Sessions::new(endpoint, TERMS, None);
        let entry = sessions.open(None, Kind::Streamable);
        sessions.enter(Arc::clone(&entry)).unwrap();
        let sent = [("mcp-session-id", &**entry.id())];
        let running = entry.begin();
        assert_eq!(stand(&sessions, &sent).unwrap_err(), 429);
        let headers = headers(&sent);
        let cancelled = Arrival::new(ArrivalKind::Notification(&Method::Cancelled), false, &headers);
        assert!(sessions.stand(&cancelled, None).is_ok());
        drop(running);
        assert!(stand(&sessions, &sent).is_ok());
    }

    #[tokio::test]
    async fn a_server_without_handshakes_has_no_sessions() {
        let surface = Surface::new(Limits::default(), None).served(Served::only([Revision::V2026_07_28]));
        let endpoint = Arc::new(Double { surface, ..Double::default() });
        let sessions = Sessions::new(endpoint, Terms { mode: SessionMode::Required, ..TERMS }, None);
        assert!(!sessions.are_offered());
        for method in [Method::Initialize, Method::ListTools] {
            let place = sessions.stand(&request(&method, &HeaderMap::new()), None);
            assert!(matches!(place, Ok(Place::Stateless { assumed: None })));
        }
    }
}
