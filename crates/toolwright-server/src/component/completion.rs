use std::{fmt, sync::Arc};

use toolwright_core::joint::BoxFuture;

use super::Kind;
use crate::{Context, HandlerError, arguments::Variables};

type Complete =
    dyn Fn(Context, String, Variables) -> BoxFuture<'static, Result<Vec<String>, HandlerError>> + Send + Sync;

/// The argument that a [`Completion`] completes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CompletionTarget {
    /// A prompt or a resource template.
    pub kind: Kind,
    /// The prompt's name, or the template's name or URI template.
    pub name: String,
    /// The prompt's argument or the template's variable.
    pub argument: String,
}

/// Suggests values for one argument of a prompt or of a resource template.
///
/// # Example
/// ```
/// use toolwright_server::Completion;
///
/// let cities = Completion::prompt("forecast", "city").handler(|_, typed, _| async move {
///     Ok(["Bonn", "Berlin"].into_iter().filter(|city| city.starts_with(&typed)).map(String::from).collect())
/// });
/// assert_eq!(cities.target().argument, "city");
/// ```
#[derive(Clone)]
pub struct Completion {
    target: CompletionTarget,
    complete: Option<Arc<Complete>>,
}

impl Completion {
    /// Completes `argument` of the prompt `name`.
    pub fn prompt(name: impl Into<String>, argument: impl Into<String>) -> Self {
        Self::new(Kind::Prompt, name.into(), argument.into())
    }

    /// Completes the variable `argument` of the resource template that has this name or URI template.
    pub fn resource(name: impl Into<String>, argument: impl Into<String>) -> Self {
        Self::new(Kind::Template, name.into(), argument.into())
    }

    fn new(kind: Kind, name: String, argument: String) -> Self {
        Self { target: CompletionTarget { kind, name, argument }, complete: None }
    }

    /// Runs `complete` with the context, what was typed so far, and the arguments that were already chosen. Of what it returns
    /// the first 100 go to the client ("Completion", "Response").
    pub fn handler<F, R>(mut self, complete: F) -> Self
    where
        F: Fn(Context, String, Variables) -> R + Send + Sync + 'static,
        R: Future<Output = Result<Vec<String>, HandlerError>> + Send + 'static,
    {
        self.complete =
            Some(Arc::new(move |context, typed, chosen| Box::pin(complete(context, typed, chosen))));
        self
    }

    /// What it completes.
    pub fn target(&self) -> &CompletionTarget {
        &self.target
    }

    pub(crate) fn target_mut(&mut self) -> &mut CompletionTarget {
        &mut self.target
    }

    pub(crate) fn has_handler(&self) -> bool {
        self.complete.is_some()
    }

    pub(crate) fn complete(
        &self,
        context: Context,
        typed: String,
        chosen: Variables,
    ) -> Option<BoxFuture<'static, Result<Vec<String>, HandlerError>>> {
        self.complete.as_ref().map(|complete| complete(context, typed, chosen))
    }
}

impl fmt::Debug for Completion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Completion").field("target", &self.target).finish_non_exhaustive()
    }
}
