use std::{borrow::Cow, fmt, future::Future, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{BoxFuture, Outlet, Principal};
use crate::{era::Revision, model::Extensions};

/// Something a client can connect to: a server in process, a URL, a command.
///
/// It may be connected more than once: a probe can kill a legacy child, and a lost connection is opened again.
pub trait Connect: Send + Sync + 'static {
    /// Opens a connection.
    ///
    /// # Errors
    /// When the other side cannot be reached.
    fn connect(&self, attach: Attach) -> impl Future<Output = Result<Arc<dyn Link>, ConnectError>> + Send;

    /// What stays the same each time this is connected to, an origin or a command line for example: a client remembers under it
    /// which revision the server speaks ("Versioning"). The default has none, and is asked each time.
    fn identity(&self) -> Option<String> {
        None
    }

    /// Whether a connection that is gone can be opened again. The default can.
    fn reopens(&self) -> bool {
        true
    }

    /// The extensions that a client declares because it connects in this way, beside its own: see
    /// [`Credentials::extensions`](super::Credentials::extensions). The default has none.
    fn extensions(&self) -> Extensions {
        Extensions::new()
    }
}

/// What a client brings to a new connection.
#[derive(Clone)]
#[non_exhaustive]
pub struct Attach {
    /// Where everything goes that is no answer: notifications and requests of the server.
    pub inlet: Arc<dyn Outlet>,
    /// Whom a server in process takes the client for; other transports have tokens for that.
    pub principal: Option<Principal>,
}

impl Attach {
    /// Everything that is no answer goes to `inlet`.
    pub fn new(inlet: Arc<dyn Outlet>) -> Self {
        Self { inlet, principal: None }
    }

    /// Whom a server in process takes the client for.
    pub fn principal(mut self, principal: Option<Principal>) -> Self {
        self.principal = principal;
        self
    }
}

impl fmt::Debug for Attach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attach").field("principal", &self.principal).finish_non_exhaustive()
    }
}

/// An open connection to a server.
pub trait Link: Send + Sync + 'static {
    /// Sends one message. A request resolves with its answer, anything else once it is accepted. Dropping the future gives
    /// the request up; on transports where that is not noticed, the client sends `notifications/cancelled` beside.
    fn exchange(&self, message: Outgoing) -> BoxFuture<'static, Result<Incoming, LinkError>>;

    /// Whether giving up a request needs `notifications/cancelled` (byte streams) or is seen by itself (in process, modern
    /// HTTP).
    fn announces_cancel(&self) -> bool;

    /// Whether [`Outgoing::headers`] go anywhere. Where they do not, the client does not write any. The default has them.
    fn wants_headers(&self) -> bool {
        true
    }

    /// Says which revision client and server agreed on, once: a transport may behave otherwise in a session. The default needs
    /// none of it.
    fn settled(&self, _revision: Revision) {}

    /// Ends the connection in good order.
    fn close(&self) -> BoxFuture<'static, ()>;

    /// Resolves when the connection is gone, for those who wait for nothing but notifications. The default never does, which
    /// is right where every message has a connection of its own.
    fn closed(&self) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

/// One message of a client.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outgoing {
    /// The encoded message.
    pub body: Bytes,
    /// The id of a request; none for notifications and responses.
    pub id: Option<crate::jsonrpc::Id>,
    /// The method; none for responses.
    pub method: Option<Cow<'static, str>>,
    /// Headers for transports that have them.
    pub headers: HeaderMap,
}

impl Outgoing {
    /// A request that waits for the answer to `id`.
    pub fn request(id: crate::jsonrpc::Id, body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), id: Some(id), method: None, headers: HeaderMap::new() }
    }

    /// A notification or a response.
    pub fn notice(body: impl Into<Bytes>) -> Self {
        Self { body: body.into(), id: None, method: None, headers: HeaderMap::new() }
    }

    /// The method that the message has.
    pub fn method(mut self, method: impl Into<Cow<'static, str>>) -> Self {
        self.method = Some(method.into());
        self
    }

    /// Headers for transports that have them.
    pub fn headers(mut self, headers: HeaderMap) -> Self {
        self.headers = headers;
        self
    }
}

/// What came back for an [`Outgoing`].
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Incoming {
    /// The answer.
    pub body: Option<Bytes>,
    /// The status, from transports that have one: the verdict that era probing looks at.
    pub status: Option<StatusCode>,
}

impl Incoming {
    /// An answer, or nothing.
    pub fn new(body: Option<Bytes>) -> Self {
        Self { body, status: None }
    }

    /// The status that came with it.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }
}

/// Why an exchange has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// The connection ended before the answer.
    #[error("the connection closed before the answer came")]
    Closed,
    /// The server process ended.
    #[error("the server process ended{}{}", status.map(|code| format!(" with status {code}")).unwrap_or_default(), said(stderr))]
    Died {
        /// Its exit status, if it had one: a process that was killed has none.
        status: Option<i32>,
        /// The last lines that it wrote to its stderr, as far as they were read.
        stderr: String,
    },
    /// The server does not know the session any more; a new one can be opened ("Session Management").
    #[error("the server ended the session")]
    SessionGone,
    /// What the server sent is no message, or not the answer.
    #[error("the server's answer cannot be read: {0}")]
    Malformed(Cow<'static, str>),
    /// What the server sent is longer than this side takes.
    #[error("the server sent more than {limit} bytes at once")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The client has no authorization that the server accepts.
    #[error("not authorized: {0}")]
    Unauthorized(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The transport failed.
    #[error("the transport failed: {0}")]
    Io(#[source] std::io::Error),
}

fn said(stderr: &str) -> String {
    if stderr.is_empty() { String::new() } else { format!("; its last words on stderr:\n{stderr}") }
}

/// Why no connection could be opened.
#[derive(Debug, thiserror::Error)]
#[error("cannot connect to {target}: {source}")]
pub struct ConnectError {
    /// What was to be reached.
    pub target: String,
    /// What went wrong.
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl ConnectError {
    /// `target` could not be reached because of `source`.
    pub fn new(
        target: impl Into<String>,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self { target: target.into(), source: source.into() }
    }
}

/// Any [`Connect`], shared.
#[derive(Clone)]
pub struct SharedConnect(Arc<dyn Dial>);

impl SharedConnect {
    /// Shares `target`.
    pub fn new(target: impl Connect) -> Self {
        Self(Arc::new(target))
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// When the other side cannot be reached.
    pub async fn connect(&self, attach: Attach) -> Result<Arc<dyn Link>, ConnectError> {
        self.0.dial(attach).await
    }

    /// What stays the same each time this is connected to.
    pub fn identity(&self) -> Option<String> {
        self.0.name()
    }

    /// Whether a connection that is gone can be opened again.
    pub fn reopens(&self) -> bool {
        self.0.again()
    }

    /// The extensions that a client declares because it connects in this way.
    pub fn extensions(&self) -> Extensions {
        self.0.declared()
    }
}

impl fmt::Debug for SharedConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedConnect")
    }
}

trait Dial: Send + Sync {
    fn dial(&self, attach: Attach) -> BoxFuture<'_, Result<Arc<dyn Link>, ConnectError>>;
    fn name(&self) -> Option<String>;
    fn again(&self) -> bool;
    fn declared(&self) -> Extensions;
}

impl<C: Connect> Dial for C {
    fn dial(&self, attach: Attach) -> BoxFuture<'_, Result<Arc<dyn Link>, ConnectError>> {
        Box::pin(self.connect(attach))
    }

    fn name(&self) -> Option<String> {
        self.identity()
    }

    fn again(&self) -> bool {
        self.reopens()
    }

    fn declared(&self) -> Extensions {
        self.extensions()
    }
}
