use bytes::Bytes;

/// Messages from here on are written from where they are, instead of being copied next to others.
const LARGE: usize = 16 * 1024;
/// Enough for one write.
const ENOUGH: usize = 256 * 1024;

/// Turns queued messages into few pieces to write: small ones side by side, large ones uncopied, each followed by `\n`.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    /// The messages to write. Emptied by [`piece`](Self::piece) as it goes.
    pub(crate) messages: Vec<Bytes>,
    next: usize,
    pieces: Vec<u8>,
    line_open: bool,
}

impl Gather {
    /// The next piece; none once everything was given out.
    pub(crate) fn piece(&mut self) -> Option<&[u8]> {
        self.pieces.clear();
        if std::mem::take(&mut self.line_open) {
            self.pieces.push(b'\n');
        }
        while let Some(message) = self.messages.get(self.next) {
            if message.len() >= LARGE {
                if self.pieces.is_empty() {
                    self.line_open = true;
                    self.next += 1;
                    return Some(&self.messages[self.next - 1]);
                }
                break;
            }
            self.pieces.extend_from_slice(message);
            self.pieces.push(b'\n');
            self.next += 1;
            if self.pieces.len() >= ENOUGH {
                break;
            }
        }
        if self.pieces.is_empty() {
            self.messages.clear();
            self.next = 0;
            return None;
        }
        Some(&self.pieces)
    }
}

#[cfg(test)]
mod tests {
    use super::{Gather, LARGE};

    #[test]
    fn small_messages_are_one_piece_and_large_ones_are_not_copied() {
        let large = "x".repeat(LARGE);
        let messages = vec!["1".into(), "2".into(), large.clone().into(), "3".into(), large.clone().into()];
        let mut gather = Gather { messages, ..Gather::default() };
        let address = gather.messages[2].as_ptr();
        let mut pieces = Vec::new();
        while let Some(piece) = gather.piece() {
            if piece.len() == LARGE {
                assert!(pieces.len() > 1 || piece.as_ptr() == address);
            }
            pieces.push(String::from_utf8_lossy(piece).into_owned());
        }
        assert_eq!(pieces, ["1\n2\n", large.as_str(), "\n3\n", large.as_str(), "\n"]);
        assert!(gather.messages.is_empty() && gather.piece().is_none());
    }

    #[test]
    fn many_small_messages_are_cut_into_bounded_pieces() {
        let messages = vec!["y".repeat(LARGE - 1).into(); 100];
        let mut gather = Gather { messages, ..Gather::default() };
        let mut total = 0;
        while let Some(piece) = gather.piece() {
            assert!(piece.len() < super::ENOUGH + LARGE);
            total += piece.len();
        }
        assert_eq!(total, 100 * LARGE);
    }
}
