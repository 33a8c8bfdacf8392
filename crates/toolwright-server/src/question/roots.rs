use serde_json::json;
use toolwright_core::{
    Raw,
    model::{ListRootsResult, Method, Root},
};

use crate::{Context, HandlerError, component::Requirement};

impl Context {
    /// The folders that the client works in ("Roots", deprecated since 2026-07-28: take paths as arguments instead).
    ///
    /// # Errors
    /// When the client cannot be asked.
    pub async fn roots(&self) -> Result<Vec<Root>, HandlerError> {
        crate::deprecated::warn_once(crate::deprecated::Feature::Roots);
        let stateless = self.era().is_stateless();
        let answer: ListRootsResult = self
            .ask(None, Requirement::Roots, Method::ListRoots, Raw::from(json!({})))
            .await
            .map_err(|error| error.into_handler_error(stateless))?;
        Ok(answer.roots)
    }
}
