use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// The answer of an [`Endpoint`](super::Endpoint) to one [`Inbound`](super::Inbound).
///
/// # Example
/// ```
/// use toolwright_core::joint::Outbound;
///
/// assert_eq!(Outbound::nothing().body, None);
/// assert_eq!(Outbound::answer("{}").status, 200);
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Outbound {
    /// The encoded answer; none for notifications, responses and requests that were cancelled.
    pub body: Option<Bytes>,
    /// The status that the era wants, for transports that have one.
    pub status: StatusCode,
    /// Headers for transports that have them, for example a challenge.
    pub headers: HeaderMap,
    /// Whether this answer opened the session it came on (a successful `initialize`).
    pub opened: bool,
}

impl Outbound {
    /// A message was accepted and needs no answer.
    pub fn nothing() -> Self {
        Self { body: None, status: StatusCode::ACCEPTED, headers: HeaderMap::new(), opened: false }
    }

    /// An encoded answer.
    pub fn answer(body: impl Into<Bytes>) -> Self {
        Self { body: Some(body.into()), status: StatusCode::OK, headers: HeaderMap::new(), opened: false }
    }

    /// The status that the era wants.
    pub fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Says that a session was opened.
    pub fn opened(mut self) -> Self {
        self.opened = true;
        self
    }
}
