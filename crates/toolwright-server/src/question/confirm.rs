use std::future::IntoFuture;

use toolwright_core::joint::BoxFuture;

use crate::{Context, HandlerError};

use super::{AskElicit, Elicited};

impl Context {
    /// Asks the user for consent: `false` if they decline, cancel, or answer no. Await it.
    ///
    /// # Errors
    /// When the client cannot be asked.
    pub fn confirm(&self, message: impl Into<String>) -> AskConfirm {
        AskConfirm(self.elicit(message))
    }
}

/// A question for consent; await it.
#[derive(Debug)]
#[must_use = "a question is asked when it is awaited"]
pub struct AskConfirm(AskElicit<bool>);

impl AskConfirm {
    /// Names the question, so that its answer is found again even if its text changes.
    pub fn key(self, key: impl Into<String>) -> Self {
        Self(self.0.key(key))
    }
}

impl IntoFuture for AskConfirm {
    type Output = Result<bool, HandlerError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        let question = self.0.into_future();
        Box::pin(async move {
            Ok(match question.await? {
                Elicited::Accepted(consent) => consent,
                Elicited::Declined | Elicited::Cancelled => false,
            })
        })
    }
}
