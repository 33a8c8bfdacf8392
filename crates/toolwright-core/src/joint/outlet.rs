use std::time::Duration;

use bytes::Bytes;

use super::BoxFuture;

/// Where messages go that are no answer: notifications, log messages, requests to the client.
///
/// Each [`Inbound`](super::Inbound) brings one for its own stream, and a [`Session`](super::Session) has one for what belongs
/// to no request. An outlet has a bounded queue: a peer that stops reading makes it full, and never makes the sender wait
/// unless the sender asks to.
pub trait Outlet: Send + Sync + 'static {
    /// Hands over one encoded message without waiting.
    ///
    /// # Errors
    /// [`SendError::Full`] gives the message back when the queue has no room, [`SendError::Closed`] when nobody will read it.
    fn try_send(&self, message: Bytes) -> Result<(), SendError>;

    /// Hands over one encoded message, waiting for room.
    ///
    /// # Errors
    /// [`Closed`] when nobody will read it.
    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>>;

    /// Ends the present connection of a stream that the client can resume; what comes later waits for it to do so. The client is
    /// asked to come back after `retry` (2025-11-25, "Streamable HTTP", "Sending Messages to the Server").
    ///
    /// `false`, and nothing happens, where there is no such stream.
    fn close_stream(&self, _retry: Option<Duration>) -> bool {
        false
    }
}

/// Why an [`Outlet`] did not take a message.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// The peer does not keep up; here is the message.
    #[error("the peer does not keep up with its messages")]
    Full(Bytes),
    /// The peer is gone.
    #[error(transparent)]
    Closed(#[from] Closed),
}

/// Nobody is left to read a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the other side is gone")]
pub struct Closed;

/// An outlet that leads nowhere: everything sent is [`Closed`].
///
/// # Example
/// ```
/// use toolwright_core::joint::{Mute, Outlet, SendError};
///
/// assert!(matches!(Mute.try_send("{}".into()), Err(SendError::Closed(_))));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct Mute;

impl Outlet for Mute {
    fn try_send(&self, _message: Bytes) -> Result<(), SendError> {
        Err(Closed.into())
    }

    fn send(&self, _message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        Box::pin(std::future::ready(Err(Closed)))
    }
}
