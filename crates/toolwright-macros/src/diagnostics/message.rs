/// One mistake in words: a sentence in lower case without a full stop, then notes.
#[derive(Debug)]
pub(crate) struct Message(String);

impl Message {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// Adds the remedy, or what else helps.
    pub(crate) fn note(mut self, note: impl AsRef<str>) -> Self {
        self.0.push_str("\nnote: ");
        self.0.push_str(note.as_ref());
        self
    }

    pub(crate) fn into_text(self) -> String {
        self.0
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}
