use std::fmt;

/// Where a server's words differ from the transcript.
///
/// Its `Debug` form is its text, so that a test that unwraps it is readable.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}line {line}: {problem}", .file.as_ref().map(|file| format!("{file}, ")).unwrap_or_default())]
pub struct Mismatch {
    file: Option<String>,
    line: usize,
    problem: String,
}

impl Mismatch {
    pub(super) fn new(line: usize, problem: impl Into<String>) -> Self {
        Self { file: None, line, problem: problem.into() }
    }

    pub(super) fn file(mut self, file: impl Into<String>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// The line of the transcript, counted from one.
    pub fn line(&self) -> usize {
        self.line
    }
}

impl fmt::Debug for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
