use std::{fmt, time::Duration};

use bytes::Bytes;
use toolwright_core::sse;

/// Identifies an event within its session, over all streams ("Streamable HTTP", "Resumability and Redelivery").
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct EventId {
    pub(super) stream: u64,
    pub(super) sequence: u64,
}

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.stream, self.sequence)
    }
}

/// One message as an event.
pub(super) fn message(id: Option<EventId>, message: &[u8]) -> Bytes {
    match id {
        Some(id) => sse::event(Some(&id.to_string()), message),
        None => sse::event(None, message),
    }
}

/// An event without data, which gives the client an id to come back with.
pub(super) fn primer(id: EventId, retry: Duration) -> Bytes {
    sse::primer(&id.to_string(), Some(retry))
}

/// Says when and after which event to come back. No data line: clients before 2025-11-25 would try to read it.
pub(super) fn retry(id: EventId, retry: Duration) -> Bytes {
    format!("id: {id}\nretry: {}\n\n", retry.as_millis()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: EventId = EventId { stream: 3, sequence: 12 };

    #[test]
    fn a_message_is_one_event() {
        assert_eq!(message(None, b"{}"), "data: {}\n\n");
        assert_eq!(message(Some(ID), b"{}"), "id: 3-12\ndata: {}\n\n");
    }

    #[test]
    fn the_primer_has_empty_data_and_the_call_to_come_back_has_none() {
        assert_eq!(primer(ID, Duration::from_secs(1)), "retry: 1000\nid: 3-12\ndata: \n\n");
        assert_eq!(retry(ID, Duration::from_millis(20)), "id: 3-12\nretry: 20\n\n");
    }
}
