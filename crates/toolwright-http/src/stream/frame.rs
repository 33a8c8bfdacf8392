use std::{io::Write as _, time::Duration};

use bytes::Bytes;

/// What keeps proxies from closing a silent stream ("Streamable HTTP", "Receiving Messages": comments are ignored).
pub(super) const COMMENT: Bytes = Bytes::from_static(b":\n\n");

/// Identifies an event within its session, over all streams ("Streamable HTTP", "Resumability and Redelivery").
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct EventId {
    pub(super) stream: u64,
    pub(super) sequence: u64,
}

/// One message as an event.
pub(crate) fn message(id: Option<EventId>, message: &[u8]) -> Bytes {
    let mut buffer = Vec::with_capacity(message.len() + 16 + if id.is_some() { 48 } else { 0 });
    if let Some(id) = id {
        write_id(&mut buffer, id);
    }
    buffer.extend_from_slice(b"data: ");
    if message.iter().any(|byte| matches!(byte, b'\n' | b'\r')) {
        // Line breaks in JSON text are white space between tokens, and would end the line of the event.
        buffer.extend(message.iter().map(|byte| if matches!(byte, b'\n' | b'\r') { b' ' } else { *byte }));
    } else {
        buffer.extend_from_slice(message);
    }
    buffer.extend_from_slice(b"\n\n");
    buffer.into()
}

/// An event without data, which gives the client an id to come back with (2025-11-25, "Streamable HTTP", "Sending Messages to the
/// Server").
pub(super) fn primer(id: EventId, retry: Duration) -> Bytes {
    let mut buffer = Vec::with_capacity(64);
    write_id(&mut buffer, id);
    write_retry(&mut buffer, retry);
    buffer.extend_from_slice(b"data: \n\n");
    buffer.into()
}

/// Says when to come back. No data line: clients before 2025-11-25 would try to read it.
pub(super) fn retry(id: EventId, retry: Duration) -> Bytes {
    let mut buffer = Vec::with_capacity(64);
    write_id(&mut buffer, id);
    write_retry(&mut buffer, retry);
    buffer.push(b'\n');
    buffer.into()
}

fn write_id(buffer: &mut Vec<u8>, EventId { stream, sequence }: EventId) {
    writeln!(buffer, "id: {stream}-{sequence}").expect("a Vec takes everything");
}

fn write_retry(buffer: &mut Vec<u8>, retry: Duration) {
    writeln!(buffer, "retry: {}", retry.as_millis()).expect("a Vec takes everything");
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: EventId = EventId { stream: 3, sequence: 12 };

    #[test]
    fn a_message_is_one_event_with_one_line_of_data() {
        assert_eq!(message(None, b"{}"), "data: {}\n\n");
        assert_eq!(message(Some(ID), b"{}"), "id: 3-12\ndata: {}\n\n");
        assert_eq!(message(None, b"{\r\n\"a\":1}"), "data: {  \"a\":1}\n\n");
    }

    #[test]
    fn the_primer_has_empty_data_and_the_call_to_come_back_has_none() {
        assert_eq!(primer(ID, Duration::from_secs(1)), "id: 3-12\nretry: 1000\ndata: \n\n");
        assert_eq!(retry(ID, Duration::from_millis(20)), "id: 3-12\nretry: 20\n\n");
    }
}
