use super::{Completion, Prompt, Resource, Tool};

/// What `#[tool]` adds beside a function, found by `tools![]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tool",
    note = "put `#[tool]` on the function, or pass a `Tool` to `.tool(..)`"
)]
pub trait DefineTool {
    /// The tool.
    fn define() -> Tool;
}

/// What `#[resource]` adds beside a function, found by `resources![]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a resource",
    note = "put `#[resource(\"scheme://path\")]` on the function, or pass a `Resource` to `.resource(..)`"
)]
pub trait DefineResource {
    /// The resource or template.
    fn define() -> Resource;
}

/// What `#[prompt]` adds beside a function, found by `prompts![]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a prompt",
    note = "put `#[prompt]` on the function, or pass a `Prompt` to `.prompt(..)`"
)]
pub trait DefinePrompt {
    /// The prompt.
    fn define() -> Prompt;
}

/// What `#[completion(..)]` adds beside a function, found by `completions![]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a completion",
    note = "put `#[completion(target.argument)]` on the function, or pass a `Completion` to `.completion(..)`"
)]
pub trait DefineCompletion {
    /// The completion.
    fn define() -> Completion;
}

/// What `#[provider]` adds to a type: its methods as components that share one value of it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` provides no components",
    note = "put `#[provider]` on its impl block and `#[tool]`, `#[resource]` or `#[prompt]` on methods"
)]
pub trait DefineProvider: Sized {
    /// The components, each holding a share of this value.
    fn components(self) -> Components
    where
        Self: Send + Sync + 'static;
}

/// A set of components of all kinds.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Components {
    /// Tools.
    pub tools: Vec<Tool>,
    /// Resources and templates.
    pub resources: Vec<Resource>,
    /// Prompts.
    pub prompts: Vec<Prompt>,
    /// Completions.
    pub completions: Vec<Completion>,
}
