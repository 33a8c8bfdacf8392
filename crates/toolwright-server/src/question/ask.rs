use serde::de::DeserializeOwned;
use toolwright_core::{Raw, model::Method};

use super::{Question, QuestionError, back_channel};
use crate::{Context, component::Requirement};

impl Context {
    /// Puts a question to the client, if it declared that it can answer, and reads its answer. The clock of the call stands still
    /// meanwhile.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        key: Option<String>,
        requirement: Requirement,
        method: Method,
        params: Raw,
    ) -> Result<T, QuestionError> {
        if self.is_closed() {
            return Err(QuestionError::Closed);
        }
        if let Some(missing) = self.missing(requirement) {
            return Err(QuestionError::Unsupported(Box::new(missing)));
        }
        let question = Question { key: self.key(key, &method, &params), method, params };
        if let Some(answer) = self.answered(&question.key) {
            return read(answer);
        }
        let _paused = self.pause();
        let answer = match self.asker() {
            Some(asker) => asker.ask(self, question).await?,
            None => back_channel::ask(self, &question).await?,
        };
        read(&answer)
    }

    /// Whether the client answered the question with this key of the author's in an earlier round.
    pub(super) fn was_asked(&self, key: &str) -> bool {
        let key = self.path().iter().rev().fold(key.to_owned(), |key, step| format!("{step}/{key}"));
        self.answered(&key).is_some()
    }

    /// The author's key, or one made of what is asked; the n-th equal one of a call is numbered.
    fn key(&self, own: Option<String>, method: &Method, params: &Raw) -> String {
        let key = own.unwrap_or_else(|| format!("{}-{:016x}", method.as_str(), digest(params.as_str())));
        let key = self.path().iter().rev().fold(key, |key, step| format!("{step}/{key}"));
        match self.count_question(&key) {
            1 => key,
            n => format!("{key}-{n}"),
        }
    }
}

fn read<T: DeserializeOwned>(answer: &Raw) -> Result<T, QuestionError> {
    answer.read().map_err(|error| QuestionError::Invalid(crate::call::without_position(&error)))
}

/// FNV-1a: keys have to be the same in every process, and are no secret.
pub(super) fn digest(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
