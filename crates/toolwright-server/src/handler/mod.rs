//! Functions and closures as handlers.
//!
//! A closure takes extractors and at most one [`Args`](crate::arguments::Args); an expansion of `#[tool]` and its like takes
//! everything. Both end here: arguments are read, extractors run, the function is called, what it returned becomes a result.
mod closure;
mod completion;
mod prompt;
mod resource;
mod returned;
mod run;
mod shared;
mod tool;

pub(crate) mod parts {
    //! What expansions of the macros build components with.
    pub use super::{
        completion::{Completes, completion, has_argument, names_without_args},
        prompt::prompt,
        resource::resource,
        returned::{Outcome, Returned},
        tool::tool,
    };
}

use crate::{Prompt, Resource, Tool};

/// A function or closure that can serve a tool.
///
/// Those are `async` functions and closures of up to six parameters: extractors, and one [`Args`](crate::arguments::Args).
///
/// # Example
/// ```
/// use toolwright_server::{Context, Tool, arguments::Args};
///
/// #[derive(serde::Deserialize, schemars::JsonSchema)]
/// struct Greet { name: String }
///
/// async fn greet(_context: Context, Args(who): Args<Greet>) -> String {
///     format!("Hello, {}!", who.name)
/// }
///
/// let tool = Tool::new("greet").handler(greet);
/// assert!(tool.schema().as_str().contains("name"));
/// ```
#[diagnostic::on_unimplemented(
    message = "this cannot handle a tool",
    label = "not a handler",
    note = "a handler is an `async` closure or function of extractors and at most one `Args<T>`, whose result a tool can return",
    note = "for plain parameters put `#[tool]` on a function"
)]
pub trait Handler<M>: Send + Sync + 'static {
    /// Gives `tool` its handler and, unless set by hand, its schemas.
    fn attach(self, tool: Tool) -> Tool;
}

/// A function or closure that can serve a resource or template.
#[diagnostic::on_unimplemented(
    message = "this cannot handle a resource",
    label = "not a handler",
    note = "a handler is an `async` closure or function of extractors and at most one `Args<T>`, whose result a resource can return"
)]
pub trait ResourceHandler<M>: Send + Sync + 'static {
    /// Gives `resource` its handler.
    fn attach(self, resource: Resource) -> Resource;
}

/// A function or closure that can serve a prompt.
#[diagnostic::on_unimplemented(
    message = "this cannot handle a prompt",
    label = "not a handler",
    note = "a handler is an `async` closure or function of extractors and at most one `Args<T>`, whose result a prompt can return"
)]
pub trait PromptHandler<M>: Send + Sync + 'static {
    /// Gives `prompt` its handler and, unless set by hand, its arguments.
    fn attach(self, prompt: Prompt) -> Prompt;
}
