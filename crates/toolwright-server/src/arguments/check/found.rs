use super::{Mistake, Path};

/// Mistakes after which nobody reads on.
const ENOUGH: usize = 64;

/// What a check has found: the mistakes, or only that there is one.
pub(crate) struct Found {
    mistakes: Vec<Mistake>,
    wrong: bool,
    /// Whether the texts matter. Without them a check ends at the first mistake.
    texts: bool,
}

impl Found {
    pub(super) fn list() -> Self {
        Self { mistakes: Vec::new(), wrong: false, texts: true }
    }

    pub(super) fn verdict() -> Self {
        Self { texts: false, ..Self::list() }
    }

    pub(super) fn add<T: Into<String>>(&mut self, path: &Path<'_>, text: impl FnOnce() -> T) {
        self.wrong = true;
        if self.texts {
            self.mistakes.push(Mistake { path: path.to_string(), text: text().into() });
        }
    }

    pub(super) fn extend(&mut self, mistakes: Vec<Mistake>) {
        self.wrong |= !mistakes.is_empty();
        self.mistakes.extend(mistakes);
    }

    pub(super) fn is_wrong(&self) -> bool {
        self.wrong
    }

    pub(super) fn wants_texts(&self) -> bool {
        self.texts
    }

    pub(super) fn is_done(&self) -> bool {
        self.mistakes.len() >= ENOUGH || (self.wrong && !self.texts)
    }

    pub(super) fn into_mistakes(self) -> Vec<Mistake> {
        self.mistakes
    }
}
