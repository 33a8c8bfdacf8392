use crate::{Context, HandlerError};

use super::Elicited;

impl Context {
    /// Asks the user for consent. `false` if they decline, cancel, or answer no.
    ///
    /// # Errors
    /// When the client cannot be asked.
    pub async fn confirm(&self, message: impl Into<String>) -> Result<bool, HandlerError> {
        Ok(match self.elicit::<bool>(message).await? {
            Elicited::Accepted(consent) => consent,
            Elicited::Declined | Elicited::Cancelled => false,
        })
    }
}
