use bytes::Bytes;

/// Answers of calls that were ready at once, on their way to one write.
#[derive(Debug, Default)]
pub(crate) struct Answers {
    pub(crate) messages: Vec<Bytes>,
    bytes: usize,
}

impl Answers {
    /// More than this many are handed on before further calls start.
    const MANY: usize = 128;
    /// More bytes than this, too.
    const MUCH: usize = 128 * 1024;
    /// Pipes take as much without blocking, if the peer has read what came before.
    const LITTLE: usize = 16 * 1024;

    pub(crate) fn push(&mut self, answer: Bytes) {
        self.bytes += answer.len();
        self.messages.push(answer);
    }

    /// The messages, for whoever sends them.
    pub(crate) fn take(&mut self) -> &mut Vec<Bytes> {
        self.bytes = 0;
        &mut self.messages
    }

    pub(crate) fn are_many(&self) -> bool {
        self.messages.len() >= Self::MANY || self.bytes >= Self::MUCH
    }

    pub(crate) fn are_little(&self) -> bool {
        self.bytes <= Self::LITTLE
    }
}
