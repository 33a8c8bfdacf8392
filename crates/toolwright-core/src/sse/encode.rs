use std::{fmt::Write, time::Duration};

use bytes::Bytes;
use memchr::memchr2;

const ID: &[u8] = b"id: ";
const NAME: &[u8] = b"event: ";
const DATA: &[u8] = b"data: ";

/// A comment, which readers skip: something to write on a silent stream, so that nobody in between closes it.
pub const COMMENT: Bytes = Bytes::from_static(b":\n\n");

/// An event without a name, which means a message, in one buffer of exactly its size.
///
/// Data with line breaks becomes several lines, of which a reader makes one text again with `\n` between them. JSON has line
/// breaks between its tokens only, so it stays the same JSON.
///
/// An id with a line break or a NUL cannot be sent, and is left out.
///
/// # Example
/// ```
/// use toolwright_core::sse::event;
///
/// assert_eq!(event(None, b"{\r\n}"), "data: {\ndata: }\n\n");
/// ```
pub fn event(id: Option<&str>, data: &[u8]) -> Bytes {
    encode(None, id, data)
}

/// An event with a name, such as the `endpoint` of the transport of 2024-11-05 ("HTTP with SSE").
///
/// A name with a line break cannot be sent, and is left out.
///
/// # Example
/// ```
/// use toolwright_core::sse::named;
///
/// assert_eq!(named("endpoint", b"/messages?session=1"), "event: endpoint\ndata: /messages?session=1\n\n");
/// ```
pub fn named(name: &str, data: &[u8]) -> Bytes {
    encode(Some(name), None, data)
}

/// The event that begins a stream which can be resumed: an id and empty data ("Streamable HTTP", "Sending Messages to the
/// Server", 2025-11-25), and with `retry` how long a client waits before it reconnects, in whole milliseconds.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use toolwright_core::sse::primer;
///
/// assert_eq!(primer("s1-0", None), "id: s1-0\ndata: \n\n");
/// assert_eq!(primer("s1-0", Some(Duration::from_millis(500))), "retry: 500\nid: s1-0\ndata: \n\n");
/// ```
pub fn primer(id: &str, retry: Option<Duration>) -> Bytes {
    let mut text = String::with_capacity(48 + id.len());
    if let Some(retry) = retry {
        push_retry(&mut text, retry);
    }
    if sendable(id) {
        text.push_str("id: ");
        text.push_str(id);
        text.push('\n');
    }
    text.push_str("data: \n\n");
    text.into()
}

/// How long a client waits before it reconnects, in whole milliseconds, without an event.
///
/// # Example
/// ```
/// use std::time::Duration;
/// use toolwright_core::sse::retry;
///
/// assert_eq!(retry(Duration::from_secs(2)), "retry: 2000\n\n");
/// ```
pub fn retry(wait: Duration) -> Bytes {
    let mut text = String::with_capacity(32);
    push_retry(&mut text, wait);
    text.push('\n');
    text.into()
}

fn push_retry(text: &mut String, wait: Duration) {
    writeln!(text, "retry: {}", wait.as_millis()).expect("a string takes any text");
}

fn encode(name: Option<&str>, id: Option<&str>, data: &[u8]) -> Bytes {
    let name = name.filter(|name| sendable(name));
    let id = id.filter(|id| sendable(id));
    let field = |prefix: &[u8], value: Option<&str>| value.map_or(0, |value| prefix.len() + value.len() + 1);
    let fields = field(NAME, name) + field(ID, id);

    if memchr2(b'\n', b'\r', data).is_none() {
        let mut buffer = open(name, id, fields + DATA.len() + data.len() + 2);
        push_line(&mut buffer, DATA, data);
        return close(buffer);
    }
    let body: usize = Lines(Some(data)).map(|line| DATA.len() + line.len() + 1).sum();
    let mut buffer = open(name, id, fields + body + 1);
    for line in Lines(Some(data)) {
        push_line(&mut buffer, DATA, line);
    }
    close(buffer)
}

fn open(name: Option<&str>, id: Option<&str>, size: usize) -> Vec<u8> {
    let mut buffer = Vec::with_capacity(size);
    if let Some(name) = name {
        push_line(&mut buffer, NAME, name.as_bytes());
    }
    if let Some(id) = id {
        push_line(&mut buffer, ID, id.as_bytes());
    }
    buffer
}

fn push_line(buffer: &mut Vec<u8>, prefix: &[u8], value: &[u8]) {
    buffer.extend_from_slice(prefix);
    buffer.extend_from_slice(value);
    buffer.push(b'\n');
}

fn close(mut buffer: Vec<u8>) -> Bytes {
    buffer.push(b'\n');
    // A buffer with room to spare would be allocated anew by `Bytes`.
    debug_assert_eq!(buffer.len(), buffer.capacity(), "the size was computed before");
    buffer.into()
}

fn sendable(value: &str) -> bool {
    !value.contains(['\n', '\r', '\0'])
}

/// Lines that end with `\n`, `\r` or `\r\n`; what follows the last end is a line, too.
struct Lines<'a>(Option<&'a [u8]>);

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.0?;
        let Some(end) = memchr2(b'\n', b'\r', rest) else {
            self.0 = None;
            return Some(rest);
        };
        let width = if rest[end..].starts_with(b"\r\n") { 2 } else { 1 };
        self.0 = Some(&rest[end + width..]);
        Some(&rest[..end])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_breaks_of_every_kind_become_lines() {
        assert_eq!(
            event(None, b"a\nb\rc\r\nd\n\re"),
            "data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\n\n"
        );
        assert_eq!(event(None, b"a\n"), "data: a\ndata: \n\n");
    }

    #[test]
    fn empty_data_is_a_line_of_its_own() {
        assert_eq!(event(Some("1"), b""), "id: 1\ndata: \n\n");
    }

    #[test]
    fn what_would_break_the_framing_is_left_out() {
        assert_eq!(event(Some("1\n\ndata: forged"), b"x"), "data: x\n\n");
        assert_eq!(event(Some("1\0"), b"x"), "data: x\n\n");
        assert_eq!(named("a\rb", b"x"), "data: x\n\n");
        assert_eq!(primer("1\r2", None), "data: \n\n");
    }

    #[test]
    fn a_wait_is_whole_milliseconds() {
        assert_eq!(retry(Duration::from_micros(1999)), "retry: 1\n\n");
        assert_eq!(retry(Duration::ZERO), "retry: 0\n\n");
        assert_eq!(retry(Duration::MAX), "retry: 18446744073709551615999\n\n");
    }
}
