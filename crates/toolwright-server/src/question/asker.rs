use std::{fmt, future::Future, sync::Arc};

use toolwright_core::{Raw, joint::BoxFuture, model::Method};

use super::QuestionError;
use crate::Context;

/// Something to ask the client.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Question {
    /// The key under which an answer is kept: the author's, or made of kind and content. Questions of calls that a handler makes to
    /// its own server carry their path.
    pub key: String,
    /// `elicitation/create`, `sampling/createMessage` or `roots/list`.
    pub method: Method,
    /// The parameters, as the client's revision writes them.
    pub params: Raw,
}

/// Gets questions answered. How, depends on where a call runs: over the connection, from a journal, by a test.
///
/// # Example
/// ```
/// use toolwright_core::Raw;
/// use toolwright_server::{Context, question::{Asker, Question, QuestionError}};
///
/// /// Answers every form with consent.
/// struct Yes;
///
/// impl Asker for Yes {
///     async fn ask(&self, _context: &Context, _question: Question) -> Result<Raw, QuestionError> {
///         Ok(Raw::from(serde_json::json!({ "action": "accept", "content": { "value": true } })))
///     }
/// }
/// # let _ = Yes;
/// ```
pub trait Asker: Send + Sync + 'static {
    /// Asks and waits for the answer, the result that the client gives.
    ///
    /// # Errors
    /// When there is no answer.
    fn ask(
        &self,
        context: &Context,
        question: Question,
    ) -> impl Future<Output = Result<Raw, QuestionError>> + Send;
}

trait DynAsker: Send + Sync {
    fn ask<'a>(
        &'a self,
        context: &'a Context,
        question: Question,
    ) -> BoxFuture<'a, Result<Raw, QuestionError>>;
}

impl<A: Asker> DynAsker for A {
    fn ask<'a>(
        &'a self,
        context: &'a Context,
        question: Question,
    ) -> BoxFuture<'a, Result<Raw, QuestionError>> {
        Box::pin(Asker::ask(self, context, question))
    }
}

/// Any [`Asker`], shared.
#[derive(Clone)]
pub struct SharedAsker(Arc<dyn DynAsker>);

impl SharedAsker {
    /// Shares `asker`.
    pub fn new(asker: impl Asker) -> Self {
        Self(Arc::new(asker))
    }

    /// Asks and waits for the answer.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn ask(&self, context: &Context, question: Question) -> Result<Raw, QuestionError> {
        self.0.ask(context, question).await
    }
}

impl fmt::Debug for SharedAsker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedAsker")
    }
}
