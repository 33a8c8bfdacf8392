use std::{fmt, sync::Arc};

use serde::Serialize;
use toolwright_core::joint::Principal;

use super::{LinkError, Outcome, bus, token::Inside};
use crate::engine::Engine;

/// A link that is open now and never again. The handler waits until it is completed or fails; if neither happens, it waits until
/// the link expires.
#[must_use = "a handler waits for what comes of the link"]
pub struct Opened {
    engine: Arc<Engine>,
    inside: Inside,
}

impl Opened {
    pub(super) fn new(engine: Arc<Engine>, inside: Inside) -> Self {
        Self { engine, inside }
    }

    /// For whom the link was made; nobody in particular, if the transport did not know who called.
    pub fn principal(&self) -> Option<Principal> {
        self.inside.owner.as_ref().map(super::token::Owner::principal)
    }

    /// Hands `value` to the handler, which [`completed`](crate::question::AskUrl::completed) or
    /// [`required`](crate::question::AskUrl::required) returns it to, and tells the client of the call that the user is done, if its
    /// revision has a message for that. In the store the value is sealed.
    ///
    /// A client whose session is at another replica is told if the replicas share a [bus](crate::ServerBuilder::bus). Without one, it
    /// hears of it only while a handler waits there, which looks into the store each second; who waits for
    /// [`required`](crate::question::AskUrl::required) has to call again by itself.
    ///
    /// # Errors
    /// When the store fails, or the value cannot be JSON.
    pub async fn complete(self, value: impl Serialize + Send) -> Result<(), LinkError> {
        let value = serde_json::to_value(value).map_err(LinkError::Value)?;
        self.end(&Outcome::Completed(value)).await
    }

    /// Tells the handler that nothing came of it, and why, in words for the user and the model: the call fails with them.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn fail(self, reason: impl Into<String> + Send) -> Result<(), LinkError> {
        self.end(&Outcome::Failed(reason.into())).await
    }

    async fn end(self, outcome: &Outcome) -> Result<(), LinkError> {
        outcome.put(&self.engine, &self.inside).await?;
        bus::tell(&self.engine, &self.inside.ticket.id).await;
        Ok(())
    }
}

impl fmt::Debug for Opened {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opened").field("principal", &self.principal()).finish_non_exhaustive()
    }
}
