use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use toolwright_core::model::{CreateMessageParams, CreateMessageResult, SamplingContent};

use super::SamplingFallback;
use crate::{Context, HandlerError};

/// A model that says what it was told to say, in order, and remembers what it was asked. For tests. Clones share everything.
///
/// # Example
/// ```
/// use toolwright_server::{Server, sampling::Answers};
///
/// let model = Answers::default().text("Paris");
/// let server = Server::builder("demo").sampling_fallback(model.clone()).build();
/// assert!(server.is_ok() && model.asked().is_empty());
/// ```
#[derive(Clone, Debug, Default)]
pub struct Answers(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    answers: VecDeque<CreateMessageResult>,
    asked: Vec<CreateMessageParams>,
}

impl Answers {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds an answer of text.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.result(CreateMessageResult::new("answers", SamplingContent::text(text)))
    }

    /// Adds any answer.
    #[must_use]
    pub fn result(self, result: CreateMessageResult) -> Self {
        self.state().answers.push_back(result);
        self
    }

    /// What it was asked so far.
    pub fn asked(&self) -> Vec<CreateMessageParams> {
        self.state().asked.clone()
    }
}

impl SamplingFallback for Answers {
    async fn create_message(
        &self,
        params: CreateMessageParams,
        _context: &Context,
    ) -> Result<CreateMessageResult, HandlerError> {
        let mut state = self.state();
        state.asked.push(params);
        state.answers.pop_front().ok_or_else(|| "the model has no more answers".into())
    }
}
