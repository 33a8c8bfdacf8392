use std::time::Duration;

use super::Event;

/// What is known of the event whose lines are being read.
#[derive(Debug, Default)]
pub(super) struct Block {
    id: Option<String>,
    event: Option<String>,
    data: Option<Vec<u8>>,
    retry: Option<Duration>,
}

impl Block {
    /// How many bytes it holds.
    pub(super) fn size(&self) -> usize {
        let text = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        text(&self.id) + text(&self.event) + self.data.as_ref().map_or(0, Vec::len)
    }

    /// Takes a line that is not empty. A field that is not known, and a comment, which is one without a name, change nothing.
    pub(super) fn line(&mut self, line: &[u8]) {
        let (name, value) = match memchr::memchr(b':', line) {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => self.data(value),
            b"id" if !value.contains(&0) => self.id = Some(text(value)),
            b"event" => self.event = Some(text(value)),
            b"retry" => self.retry = milliseconds(value).or(self.retry),
            _ => {}
        }
    }

    fn data(&mut self, value: &[u8]) {
        match &mut self.data {
            None => self.data = Some(value.to_vec()),
            Some(data) => {
                data.reserve(1 + value.len());
                data.push(b'\n');
                data.extend_from_slice(value);
            }
        }
    }

    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    pub(super) fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// The event, unless there was no line of data.
    pub(super) fn finish(self) -> Option<Event> {
        let data = self.data?.into();
        Some(Event {
            id: self.id,
            event: self.event.filter(|name| !name.is_empty()),
            data,
            retry: self.retry,
        })
    }
}

fn text(value: &[u8]) -> String {
    String::from_utf8_lossy(value).into_owned()
}

fn milliseconds(value: &[u8]) -> Option<Duration> {
    // A plus sign is no digit, but parsing a number would take it.
    let digits = str::from_utf8(value).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok().map(Duration::from_millis)
}
