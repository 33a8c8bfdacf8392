use std::{mem, time::Duration};

use memchr::memchr2;

use super::{Event, block::Block};

const BOM: &[u8] = b"\xef\xbb\xbf";

/// How many bytes of a finished line's buffer are kept for the next one.
const SPARE: usize = 16 * 1024;

/// Reads events from the bytes of a stream, however those are cut into chunks (WHATWG HTML, "Interpreting an event stream").
///
/// It holds one unfinished event and no more bytes than its limit. An event that the stream's end leaves unfinished is dropped
/// with the decoder, id included, so that resuming brings it again.
///
/// # Example
/// ```
/// use toolwright_core::sse::Decoder;
///
/// let mut decoder = Decoder::new(64 * 1024);
/// let mut data = Vec::new();
/// for mut chunk in [&b"data: o"[..], b"ne\r", b"\n\r\n: comment\n\ndata: two\n\ndata: unfin"] {
///     while let Some(event) = decoder.decode(&mut chunk)? {
///         data.push(event.data);
///     }
/// }
/// assert_eq!(data, ["one", "two"]);
/// # Ok::<(), toolwright_core::sse::EventTooLarge>(())
/// ```
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    state: State,
    line: Vec<u8>,
    block: Block,
    last_event_id: String,
    retry: Option<Duration>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum State {
    /// Nothing was read but so many bytes of a byte order mark.
    Start(usize),
    Reading,
    /// The last byte was a carriage return; a line feed now belongs to it.
    Returned,
    Failed,
}

impl Decoder {
    /// A decoder for one stream, of events that hold `limit` bytes at most: names of fields, id, name and data.
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            state: State::Start(0),
            line: Vec::new(),
            block: Block::default(),
            last_event_id: String::new(),
            retry: None,
        }
    }

    /// Reads from `chunk` up to the end of the next event, and leaves there what follows it. `None` means that the chunk was
    /// used up.
    ///
    /// # Errors
    /// When an event is larger than the limit. What follows it cannot be read: every later call fails likewise.
    pub fn decode(&mut self, chunk: &mut &[u8]) -> Result<Option<Event>, EventTooLarge> {
        self.skip_mark(chunk);
        while !chunk.is_empty() {
            if self.state == State::Failed {
                return Err(EventTooLarge { limit: self.limit });
            }
            if mem::replace(&mut self.state, State::Reading) == State::Returned
                && let Some(rest) = chunk.strip_prefix(b"\n")
            {
                *chunk = rest;
                continue;
            }
            let end = memchr2(b'\n', b'\r', chunk);
            let (part, rest) = chunk.split_at(end.unwrap_or(chunk.len()));
            if self.line.len() + part.len() > self.limit.saturating_sub(self.block.size()) {
                return Err(self.fail());
            }
            let Some((ending, rest)) = rest.split_first() else {
                self.line.extend_from_slice(part);
                *chunk = rest;
                return Ok(None);
            };
            *chunk = rest;
            if *ending == b'\r' {
                self.state = State::Returned;
            }
            if let Some(event) = self.end_line(part) {
                return Ok(Some(event));
            }
        }
        Ok(None)
    }

    /// The id to resume after: the last one that a finished event, or a block without data, brought along. `None` if there was
    /// none yet, or if it was taken back by an empty one.
    pub fn last_event_id(&self) -> Option<&str> {
        Some(self.last_event_id.as_str()).filter(|id| !id.is_empty())
    }

    /// How long the server last asked to wait before reconnecting.
    pub fn retry(&self) -> Option<Duration> {
        self.retry
    }

    fn skip_mark(&mut self, chunk: &mut &[u8]) {
        let State::Start(mut seen) = self.state else { return };
        while let Some((first, rest)) = chunk.split_first()
            && BOM.get(seen) == Some(first)
        {
            seen += 1;
            *chunk = rest;
        }
        self.state = match (seen == BOM.len(), chunk.is_empty()) {
            (true, _) => State::Reading,
            (false, true) => State::Start(seen),
            (false, false) => {
                // It was none: these bytes are the line's.
                self.line.extend_from_slice(&BOM[..seen]);
                State::Reading
            }
        };
    }

    /// Ends the line with its last `part`; the parts before were kept.
    fn end_line(&mut self, part: &[u8]) -> Option<Event> {
        if self.line.is_empty() {
            if part.is_empty() {
                return self.end_block();
            }
            self.block.line(part);
        } else {
            self.line.extend_from_slice(part);
            self.block.line(&self.line);
            self.line.clear();
            // A stream that is silent for hours does not keep what one large event took.
            self.line.shrink_to(SPARE);
        }
        self.retry = self.block.retry().or(self.retry);
        None
    }

    fn end_block(&mut self) -> Option<Event> {
        let block = mem::take(&mut self.block);
        if let Some(id) = block.id() {
            id.clone_into(&mut self.last_event_id);
        }
        block.finish()
    }

    fn fail(&mut self) -> EventTooLarge {
        self.state = State::Failed;
        self.line = Vec::new();
        self.block = Block::default();
        EventTooLarge { limit: self.limit }
    }
}

/// An event of a stream is larger than its reader allows. The server is at fault, or the limit too low.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is larger than {limit} bytes, the most that is read")]
pub struct EventTooLarge {
    limit: usize,
}

impl EventTooLarge {
    /// The limit, in bytes.
    pub fn limit(&self) -> usize {
        self.limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_decoder_holds_nothing_and_stays_failed() {
        let mut decoder = Decoder::new(10);
        let mut chunk = &b"data: 12\ndata: 3456789\n\ndata: ok\n\n"[..];
        let error = decoder.decode(&mut chunk).unwrap_err();
        assert_eq!(error.limit(), 10);
        assert_eq!((decoder.line.capacity(), decoder.block.size()), (0, 0));
        assert_eq!(decoder.decode(&mut &b"\n\ndata: ok\n\n"[..]), Err(error));
    }

    #[test]
    fn a_long_line_does_not_stay_in_memory_after_its_event() {
        let mut decoder = Decoder::new(1 << 20);
        let long = [b"data: ".as_slice(), &[b'x'; 1 << 19]].concat();
        assert_eq!(decoder.decode(&mut &long[..]), Ok(None));
        assert_eq!(decoder.decode(&mut &b"\n\n"[..]).unwrap().unwrap().data.len(), 1 << 19);
        assert!(decoder.line.capacity() <= SPARE, "{}", decoder.line.capacity());
    }
}
