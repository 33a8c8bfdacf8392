use std::future::IntoFuture;

use serde_json::json;
use toolwright_core::{
    Raw,
    joint::BoxFuture,
    model::{ListRootsResult, Method, Root},
};

use crate::{Context, HandlerError, component::Requirement};

impl Context {
    /// The folders that the client works in ("Roots", deprecated since 2026-07-28: take paths as arguments instead). Await it.
    ///
    /// # Errors
    /// When the client cannot be asked.
    ///
    /// # Example
    /// ```
    /// use toolwright_server::{Context, HandlerError};
    ///
    /// async fn folders(context: &Context) -> Result<Vec<String>, HandlerError> {
    ///     Ok(context.roots().await?.into_iter().map(|root| root.uri).collect())
    /// }
    /// # let _ = folders;
    /// ```
    pub fn roots(&self) -> AskRoots {
        AskRoots { context: self.clone(), key: None }
    }
}

/// A question for the client's roots; await it.
#[derive(Debug)]
#[must_use = "a question is asked when it is awaited"]
pub struct AskRoots {
    context: Context,
    key: Option<String>,
}

impl AskRoots {
    /// Names the question, so that its answer is found again.
    pub fn key(mut self, key: impl Into<String>) -> Self {
        self.key = Some(key.into());
        self
    }

    async fn ask(self) -> Result<Vec<Root>, HandlerError> {
        crate::deprecated::warn_once(crate::deprecated::Feature::Roots);
        let stateless = self.context.era().is_stateless();
        let answer: ListRootsResult = self
            .context
            .ask(self.key, Requirement::Roots, Method::ListRoots, Raw::from(json!({})))
            .await
            .map_err(|error| error.into_handler_error(stateless))?;
        Ok(answer.roots)
    }
}

impl IntoFuture for AskRoots {
    type Output = Result<Vec<Root>, HandlerError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.ask())
    }
}
