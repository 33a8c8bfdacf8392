use std::{fmt, net::SocketAddr, sync::Arc};

use bytes::Bytes;

use super::{Outlet, Principal, Session, SessionLookup};

/// One JSON-RPC message, or a batch of them, on its way into an [`Endpoint`](super::Endpoint).
///
/// # Example
/// ```
/// use std::sync::Arc;
/// use toolwright_core::joint::{Inbound, Mute, Transport};
///
/// let inbound = Inbound::new(r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, Transport::Stdio, Arc::new(Mute));
/// assert!(inbound.principal.is_none());
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct Inbound {
    /// The message as it arrived.
    pub body: Bytes,
    /// How it arrived.
    pub transport: Transport,
    /// Where messages go that precede the answer.
    pub outlet: Arc<dyn Outlet>,
    /// The connection it came on, if that has a memory.
    pub session: Option<Arc<dyn Session>>,
    /// Finds its session, where that depends on what the message says.
    pub lookup: Option<Arc<dyn SessionLookup>>,
    /// Who sent it, if the transport found out.
    pub principal: Option<Principal>,
    /// Request headers; empty where the transport has none.
    pub headers: http::HeaderMap,
    /// The request's URI, where the transport has one.
    pub uri: Option<http::Uri>,
    /// Anything that layers before the endpoint left for handlers.
    pub extensions: http::Extensions,
    /// Address of the peer.
    pub peer: Option<SocketAddr>,
}

impl Inbound {
    /// A message that came over `transport`; what it causes before its answer goes to `outlet`.
    pub fn new(body: impl Into<Bytes>, transport: Transport, outlet: Arc<dyn Outlet>) -> Self {
        Self {
            body: body.into(),
            transport,
            outlet,
            session: None,
            lookup: None,
            principal: None,
            headers: http::HeaderMap::new(),
            uri: None,
            extensions: http::Extensions::new(),
            peer: None,
        }
    }

    /// The connection it came on.
    pub fn session(mut self, session: Arc<dyn Session>) -> Self {
        self.session = Some(session);
        self
    }

    /// Finds its session, where that depends on what the message says.
    pub fn lookup(mut self, lookup: Arc<dyn SessionLookup>) -> Self {
        self.lookup = Some(lookup);
        self
    }

    /// Who sent it.
    pub fn principal(mut self, principal: Option<Principal>) -> Self {
        self.principal = principal;
        self
    }

    /// Request headers.
    pub fn headers(mut self, headers: http::HeaderMap) -> Self {
        self.headers = headers;
        self
    }

    /// The request's URI.
    pub fn uri(mut self, uri: http::Uri) -> Self {
        self.uri = Some(uri);
        self
    }

    /// What layers before the endpoint left for handlers.
    pub fn extensions(mut self, extensions: http::Extensions) -> Self {
        self.extensions = extensions;
        self
    }

    /// Address of the peer.
    pub fn peer(mut self, peer: SocketAddr) -> Self {
        self.peer = Some(peer);
        self
    }
}

impl fmt::Debug for Inbound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Inbound")
            .field("transport", &self.transport)
            .field("bytes", &self.body.len())
            .field("session", &self.session.is_some())
            .field("principal", &self.principal)
            .field("peer", &self.peer)
            .finish_non_exhaustive()
    }
}

/// The kind of connection a message came over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Transport {
    /// Lines over pipes or any other byte stream.
    Stdio,
    /// Streamable HTTP.
    Http,
    /// A client in the same process.
    InProcess,
}
