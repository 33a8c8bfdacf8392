//! Functions and closures as handlers.
use crate::{Prompt, Resource, Tool};

/// A function or closure that can serve a tool.
pub trait Handler<M>: Send + Sync + 'static {
    /// Gives `tool` its handler and, unless set by hand, its schemas.
    fn attach(self, tool: Tool) -> Tool;
}

/// A function or closure that can serve a resource or template.
pub trait ResourceHandler<M>: Send + Sync + 'static {
    /// Gives `resource` its handler.
    fn attach(self, resource: Resource) -> Resource;
}

/// A function or closure that can serve a prompt.
pub trait PromptHandler<M>: Send + Sync + 'static {
    /// Gives `prompt` its handler and, unless set by hand, its arguments.
    fn attach(self, prompt: Prompt) -> Prompt;
}
