use std::sync::Arc;

use http::{HeaderMap, StatusCode};

use super::Session;
use crate::{era::Revision, jsonrpc::RpcError, model::Method};

/// How a transport with many clients behind one endpoint finds the session of a message.
///
/// Which session a message belongs to depends on what its body claims, and only the [`Endpoint`](super::Endpoint) reads bodies.
/// So the endpoint asks back, once for each message or batch, after it looked at the body and before anything depends on a
/// session. Transports with one client per connection have no need of it: they set [`Inbound::session`](super::Inbound::session).
///
/// # Example
/// ```
/// use toolwright_core::joint::{Arrival, Refused, SessionLookup, Standing};
///
/// /// For clients without sessions only.
/// struct Sessionless;
///
/// impl SessionLookup for Sessionless {
///     fn find(&self, _arrival: &Arrival<'_>) -> Result<Standing, Refused> {
///         Ok(Standing::default())
///     }
/// }
/// ```
pub trait SessionLookup: Send + Sync + 'static {
    /// Finds the session of a message.
    ///
    /// # Errors
    /// When the message cannot be served where it came: its session is unknown, say.
    fn find(&self, arrival: &Arrival<'_>) -> Result<Standing, Refused>;
}

/// What the endpoint saw of a message before serving it.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Arrival<'a> {
    /// What it is.
    pub kind: ArrivalKind<'a>,
    /// Whether its body claims a stateless revision, or claims one that cannot be read. No session belongs to such a message,
    /// whatever came beside it ("Versioning").
    pub stateless: bool,
    /// The headers that came with it.
    pub headers: &'a HeaderMap,
}

impl<'a> Arrival<'a> {
    /// A message of this kind, whether it is stateless, and its headers.
    pub fn new(kind: ArrivalKind<'a>, stateless: bool, headers: &'a HeaderMap) -> Self {
        Self { kind, stateless, headers }
    }
}

/// The kind of a message, as far as transports care.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum ArrivalKind<'a> {
    /// A request with this method.
    Request(&'a Method),
    /// A notification with this method.
    Notification(&'a Method),
    /// An answer to a question of the server.
    Response,
    /// Several of them in an array.
    Batch,
}

/// Where a message stands: in a session, or without one.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Standing {
    /// Its session.
    pub session: Option<Arc<dyn Session>>,
    /// What a message is taken for that has neither claim nor session.
    pub assumed: Option<Revision>,
}

impl Standing {
    /// In this session.
    pub fn session(session: Arc<dyn Session>) -> Self {
        Self { session: Some(session), assumed: None }
    }

    /// In no session, taken for this revision if there is one.
    pub fn assumed(assumed: Option<Revision>) -> Self {
        Self { session: None, assumed }
    }
}

impl std::fmt::Debug for Standing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Standing")
            .field("session", &self.session.is_some())
            .field("assumed", &self.assumed)
            .finish()
    }
}

/// Why a message is not served where it came.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Refused {
    /// The status.
    pub status: StatusCode,
    /// The error; the endpoint writes it with the id of the request.
    pub error: RpcError,
}

impl Refused {
    /// This status with this error.
    pub fn new(status: StatusCode, error: RpcError) -> Self {
        Self { status, error }
    }
}
