use std::time::Duration;

use bytes::Bytes;

/// One event of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The id that this event brought along. Empty means that the stream's id is forgotten.
    pub id: Option<String>,
    /// Its name; `None` for a message.
    pub event: Option<String>,
    /// Its data; several lines are joined by `\n`. It is not checked to be UTF-8: reading it as JSON does that.
    pub data: Bytes,
    /// How long to wait before reconnecting, if this event says so.
    pub retry: Option<Duration>,
}

impl Event {
    /// Whether this is a message: it has no name, or is called `message`.
    pub fn is_message(&self) -> bool {
        self.event.as_deref().is_none_or(|name| name == "message")
    }
}
