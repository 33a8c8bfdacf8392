use std::{fmt, sync::Arc};

use toolwright_core::{
    joint::BoxFuture,
    model::{self, GetPromptResult, PromptArgument},
};

use super::{Common, ComponentKey, Kind, common::common_setters};
use crate::{Context, HandlerError, arguments::Variables, handler::PromptHandler};

type Get =
    dyn Fn(Context, Variables) -> BoxFuture<'static, Result<GetPromptResult, HandlerError>> + Send + Sync;

/// A prompt: a definition that people choose from, and the handler that writes its messages.
///
/// Most prompts are made by `#[prompt]`; this is the same without a macro.
///
/// # Example
/// ```
/// use toolwright_server::{Context, Prompt};
///
/// let greet = Prompt::new("greet").description("Says hello.").handler(|_: Context| async { "Say hello to the user." });
/// assert_eq!(greet.key().to_string(), "prompt `greet`");
/// ```
#[derive(Clone)]
pub struct Prompt {
    common: Common,
    arguments: Vec<PromptArgument>,
    get: Option<Arc<Get>>,
}

common_setters!(Prompt);

impl Prompt {
    /// A prompt without a handler; give it one with [`handler`](Self::handler).
    pub fn new(name: impl Into<String>) -> Self {
        Self { common: Common { name: name.into(), ..Common::default() }, arguments: Vec::new(), get: None }
    }

    /// Adds an argument.
    pub fn argument(mut self, argument: PromptArgument) -> Self {
        self.arguments.push(argument);
        self
    }

    /// Replaces all arguments.
    pub fn arguments(mut self, arguments: Vec<PromptArgument>) -> Self {
        self.arguments = arguments;
        self
    }

    /// Runs `handler`, whose parameters are extractors and the prompt's arguments.
    pub fn handler<M, H: PromptHandler<M>>(self, handler: H) -> Self {
        handler.attach(self)
    }

    /// The lowest layer: `get` gets the context and the arguments and answers with a complete result.
    pub fn raw_handler<F, R>(mut self, get: F) -> Self
    where
        F: Fn(Context, Variables) -> R + Send + Sync + 'static,
        R: Future<Output = Result<GetPromptResult, HandlerError>> + Send + 'static,
    {
        self.get = Some(Arc::new(move |context, arguments| Box::pin(get(context, arguments))));
        self
    }

    /// Its identity.
    pub fn key(&self) -> ComponentKey {
        let mut key = ComponentKey::new(Kind::Prompt, &self.common.name);
        key.version.clone_from(&self.common.version);
        key
    }

    /// What it takes.
    pub fn takes(&self) -> &[PromptArgument] {
        &self.arguments
    }

    /// The definition as clients see it, before an era shapes it.
    pub fn definition(&self) -> model::Prompt {
        let common = &self.common;
        let mut prompt = model::Prompt::new(&common.name);
        prompt.title.clone_from(&common.title);
        prompt.description.clone_from(&common.description);
        prompt.arguments = (!self.arguments.is_empty()).then(|| self.arguments.clone());
        prompt.icons = (!common.icons.is_empty()).then(|| common.icons.clone());
        prompt.meta = common.wire_meta();
        prompt
    }

    pub(crate) fn has_handler(&self) -> bool {
        self.get.is_some()
    }

    pub(crate) fn get(
        &self,
        context: Context,
        arguments: Variables,
    ) -> Option<BoxFuture<'static, Result<GetPromptResult, HandlerError>>> {
        self.get.as_ref().map(|get| get(context, arguments))
    }
}

impl fmt::Debug for Prompt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prompt")
            .field("name", &self.common.name)
            .field("version", &self.common.version)
            .finish_non_exhaustive()
    }
}
