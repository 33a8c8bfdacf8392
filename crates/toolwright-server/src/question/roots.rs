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
    /// They inform and enforce nothing. What is no `file` URI is left out. A client of a session that announces changes is asked
    /// again only after one.
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
        let connection = self.context.connection().filter(|_| self.announces_changes());
        let (known, changed) = connection.map(|connection| connection.roots()).unwrap_or_default();
        if let Some(known) = known {
            return Ok(folders(known.read()?));
        }
        let stateless = self.context.era().is_stateless();
        let answer: ListRootsResult = self
            .context
            .ask(self.key, Requirement::Roots, Method::ListRoots, Raw::from(json!({})))
            .await
            .map_err(|error| error.into_handler_error(stateless))?;
        if let Some(connection) = connection {
            connection.keep_roots(Raw::serialize(&answer)?, changed);
        }
        Ok(folders(answer))
    }

    fn announces_changes(&self) -> bool {
        let roots = self.context.agreed().and_then(|agreed| agreed.capabilities.roots.as_ref());
        roots.is_some_and(|roots| roots.list_changed == Some(true))
    }
}

/// The roots that are folders ("Roots": a root's URI begins with `file://`).
fn folders(answer: ListRootsResult) -> Vec<Root> {
    let mut roots = answer.roots;
    roots.retain(|root| {
        let is_file = root.uri.starts_with("file://");
        if !is_file {
            tracing::debug!(uri = root.uri, "a root of the client's is no folder");
        }
        is_file
    });
    roots
}

impl IntoFuture for AskRoots {
    type Output = Result<Vec<Root>, HandlerError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.ask())
    }
}
