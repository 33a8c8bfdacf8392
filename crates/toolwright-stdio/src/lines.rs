use std::io::BufRead as _;

use bytes::{Bytes, BytesMut};

/// How much is read at once. Pipes hold as much on most systems.
const BLOCK: usize = 64 * 1024;
/// Below this much room a new block is better than a short read.
const SHORT: usize = 4 * 1024;
const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// One line of input.
#[derive(Debug, PartialEq)]
pub(crate) enum Line {
    /// A message, without its line end.
    Message(Bytes),
    /// A line beyond the limit. Its bytes were dropped as they came.
    TooLong,
}

/// Cuts a stream of bytes into lines, without I/O and without copying them.
///
/// Read into [`space`](Self::space), say how much with [`filled`](Self::filled), then take lines until there is none.
#[derive(Debug)]
pub(crate) struct Lines {
    /// Initialised over its whole length; the first `filled` bytes are input.
    buffer: BytesMut,
    filled: usize,
    /// How much of the input is known to hold no line end.
    scanned: usize,
    limit: usize,
    too_long: bool,
    started: bool,
}

impl Lines {
    /// Lines of at most `limit` bytes.
    pub(crate) fn new(limit: usize) -> Self {
        Self { buffer: BytesMut::new(), filled: 0, scanned: 0, limit, too_long: false, started: false }
    }

    /// Where to read into; never empty.
    pub(crate) fn space(&mut self) -> &mut [u8] {
        if self.buffer.len() - self.filled < SHORT {
            self.buffer.truncate(self.filled);
            // Long lines double the buffer. Once all lines of the old block are gone, it is taken back instead.
            self.buffer.reserve(BLOCK.max(self.filled));
            self.buffer.resize(self.buffer.capacity(), 0);
        }
        &mut self.buffer[self.filled..]
    }

    /// Says how many bytes of [`space`](Self::space) are input now.
    pub(crate) fn filled(&mut self, count: usize) {
        self.filled = (self.filled + count).min(self.buffer.len());
    }

    /// The next complete line that is not blank.
    pub(crate) fn next_line(&mut self) -> Option<Line> {
        while let Some(length) = line_end(&self.buffer[self.scanned..self.filled]) {
            let length = self.scanned + length;
            let line = self.buffer.split_to(length).freeze();
            self.filled -= length;
            self.scanned = 0;
            if length > 4 * BLOCK {
                // What a huge line needed is not kept for ever.
                self.buffer = BytesMut::from(&self.buffer[..self.filled]);
            }
            if let Some(line) = self.finish_line(line) {
                return Some(line);
            }
        }
        self.scanned = self.filled;
        // One more for the `\r` that may end it.
        if self.too_long || self.filled > self.limit.saturating_add(1) {
            self.too_long = true;
            self.started = true;
            (self.filled, self.scanned) = (0, 0);
        }
        None
    }

    /// The last line, which the end of input ended.
    pub(crate) fn last_line(&mut self) -> Option<Line> {
        let line = self.buffer.split_to(self.filled).freeze();
        (self.filled, self.scanned) = (0, 0);
        self.finish_line(line)
    }

    fn finish_line(&mut self, line: Bytes) -> Option<Line> {
        if std::mem::take(&mut self.too_long) {
            return Some(Line::TooLong);
        }
        let mut text: &[u8] = line.strip_suffix(b"\n").unwrap_or(&line);
        text = text.strip_suffix(b"\r").unwrap_or(text);
        if !std::mem::replace(&mut self.started, true) {
            text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        }
        if text.len() > self.limit {
            return Some(Line::TooLong);
        }
        (!text.trim_ascii_start().is_empty()).then(|| Line::Message(line.slice_ref(text)))
    }
}

/// Length of the first line with its `\n`. The standard library's only public `memchr` is behind `skip_until`.
fn line_end(mut bytes: &[u8]) -> Option<usize> {
    let all = bytes;
    let length = bytes.skip_until(b'\n').ok()?;
    all[..length].ends_with(b"\n").then_some(length)
}

#[cfg(test)]
mod tests {
    use super::{Line, Lines};

    /// Feeds `input` in pieces of `step` bytes.
    fn read(input: &[u8], limit: usize, step: usize) -> Vec<String> {
        let mut lines = Lines::new(limit);
        let mut seen = Vec::new();
        let mut keep = |line| {
            seen.push(match line {
                Line::Message(line) => String::from_utf8_lossy(&line).into_owned(),
                Line::TooLong => "too long".into(),
            });
        };
        for mut piece in input.chunks(step) {
            while !piece.is_empty() {
                let space = lines.space();
                let count = space.len().min(piece.len());
                space[..count].copy_from_slice(&piece[..count]);
                lines.filled(count);
                piece = &piece[count..];
                while let Some(line) = lines.next_line() {
                    keep(line);
                }
            }
        }
        if let Some(line) = lines.last_line() {
            keep(line);
        }
        seen
    }

    #[test]
    fn cuts_the_same_lines_wherever_reads_are_cut() {
        let long = "x".repeat(40);
        let input = format!("\u{feff}one\r\n\n  \r\n{{}}\n{long}\n12345678\r\n123456789\nhalf");
        for step in 1..input.len() {
            assert_eq!(
                read(input.as_bytes(), 8, step),
                ["one", "{}", "too long", "12345678", "too long", "half"],
                "in pieces of {step}"
            );
        }
    }

    #[test]
    fn a_line_beyond_the_limit_is_not_kept() {
        let mut lines = Lines::new(1000);
        for _ in 0..1000 {
            let count = lines.space().len();
            lines.space().fill(b'x');
            lines.filled(count);
            assert_eq!(lines.next_line(), None);
        }
        assert!(lines.buffer.capacity() <= 4 * super::BLOCK);
        lines.space()[..3].copy_from_slice(b"\n{}");
        lines.filled(3);
        assert_eq!(lines.next_line(), Some(Line::TooLong));
        assert_eq!(lines.next_line(), None);
        assert_eq!(lines.last_line(), Some(Line::Message("{}".into())));
    }

    #[test]
    fn a_too_long_line_may_be_the_last() {
        assert_eq!(read(&[b'x'; 100], 8, 3), ["too long"]);
        assert_eq!(read(&[b'x'; 9], 8, 100), ["too long"]);
        assert_eq!(read(b"", 8, 1), [""; 0]);
    }

    #[test]
    fn long_lines_grow_over_many_blocks() {
        let line = "y".repeat(1_000_000);
        let input = format!("{line}\n{{}}\n{line}");
        assert_eq!(read(input.as_bytes(), usize::MAX, 5000), [line.as_str(), "{}", line.as_str()]);
    }

    #[test]
    fn a_mark_in_the_middle_is_content() {
        assert_eq!(read("a\n\u{feff}b\n".as_bytes(), 100, 100), ["a", "\u{feff}b"]);
    }
}
