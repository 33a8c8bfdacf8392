use serde::de::DeserializeOwned;
use toolwright_core::{
    Raw,
    model::{InputRequest, Method},
};

use super::{Question, QuestionError, back_channel};
use crate::{
    Context,
    component::Requirement,
    context::Named,
    journal::{Asked, Polled, digest},
};

/// How many answers to one question a client has to get it right.
const MOST_ANSWERS: u32 = 3;

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
        self.ask_for(key, requirement, method, params, read).await
    }

    /// [`ask`](Self::ask) for an answer that `read` understands. One that cannot be used is asked for again, a few times.
    pub(super) async fn ask_for<T>(
        &self,
        key: Option<String>,
        requirement: Requirement,
        method: Method,
        params: Raw,
        read: impl Fn(&Raw) -> Result<T, QuestionError> + Send,
    ) -> Result<T, QuestionError> {
        if self.is_closed() {
            return Err(QuestionError::Closed);
        }
        if !Polled::is(self) {
            return Err(QuestionError::Unreachable(
                "questions are for the handler itself to ask, not for a task that it spawned nor for one that blocks its thread",
            ));
        }
        if Polled::is_step() {
            return Err(QuestionError::Unreachable(
                "a step of `once` cannot ask; ask before it, and hand it the answer",
            ));
        }
        let question = Question { key: self.key(key, &method, &params), method, params };
        let key = question.key.as_str();
        loop {
            if let Some(answer) = self.rounds().answer(key) {
                match read(&answer) {
                    Ok(value) => {
                        self.rounds().accept(key, answer, self.keeps_journal());
                        return Ok(value);
                    }
                    Err(error) if self.rounds().refuse(key) >= MOST_ANSWERS => {
                        // The runs after this one have to fail here as well.
                        self.rounds().accept(key, answer, self.keeps_journal());
                        return Err(error);
                    }
                    Err(_) => {}
                }
            }
            if let Some(missing) = self.missing(requirement) {
                return Err(QuestionError::Unsupported(Box::new(missing)));
            }
            let answer = self.answer_to(&question).await?;
            self.rounds().hear(key, answer);
        }
    }

    /// Gets one answer, usable or not.
    async fn answer_to(&self, question: &Question) -> Result<Raw, QuestionError> {
        let asked = Asked::new(self, &question.key);
        let _paused = self.pause();
        let answer = match self.asker() {
            Some(asker) => asker.ask(self, question.clone()).await,
            None if self.era().asks_by_request() => back_channel::ask(self, question).await,
            None => self.put_off(question).await,
        };
        asked.over();
        answer
    }

    /// Leaves the question to the result of this run. The client answers it by calling again, so this run never gets past it.
    async fn put_off(&self, question: &Question) -> Result<Raw, QuestionError> {
        if !matches!(self.root().method(), Method::CallTool | Method::ReadResource | Method::GetPrompt) {
            return Err(QuestionError::Unreachable(
                "clients of this revision can be asked by tools, prompts and resources only",
            ));
        }
        let text =
            format!(r#"{{"method":"{}","params":{}}}"#, question.method.as_str(), question.params.as_str());
        let request = serde_json::from_str::<InputRequest>(&text)
            .map_err(|_| QuestionError::Unreachable("the question is none of the protocol"))?;
        self.rounds().open(&question.key, request, self.engine().limits().questions)?;
        self.until_closed().await;
        Err(QuestionError::Closed)
    }

    /// Whether the client answered the question with this key of the author's in an earlier round.
    pub(super) fn was_asked(&self, key: &str) -> bool {
        let key = self.scoped(key.to_owned());
        self.rounds_so_far().is_some_and(|rounds| rounds.is_answered(&key))
    }

    /// The author's key, or one made of what is asked; the n-th equal one of a call is numbered.
    fn key(&self, own: Option<String>, method: &Method, params: &Raw) -> String {
        let key = own.unwrap_or_else(|| format!("{}-{:016x}", method.as_str(), digest(params.as_str())));
        self.numbered(Named::Question, self.scoped(key))
    }
}

fn read<T: DeserializeOwned>(answer: &Raw) -> Result<T, QuestionError> {
    answer.read().map_err(|error| QuestionError::Invalid(crate::call::without_position(&error)))
}
