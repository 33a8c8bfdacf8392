use std::{future::Future, sync::Arc};

use toolwright_core::{jsonrpc::RpcError, model::GetPromptResult};

use super::{
    run::{Async, Blocking, Plain, Run},
    shared::Shared,
};
use crate::{
    HandlerError, Prompt,
    arguments::{Input, Params, Variables},
    respond::IntoPromptResult,
};

/// A prompt that lacks its function.
#[derive(Debug)]
pub struct PromptParts<P> {
    prompt: Prompt,
    params: P,
}

/// A prompt of this name with these parameters.
pub fn prompt<P: Params>(name: &'static str, params: P) -> PromptParts<P> {
    PromptParts { prompt: Prompt::new(name), params }
}

impl<P: Params> PromptParts<P> {
    pub(super) fn new(prompt: Prompt, params: P) -> Self {
        Self { prompt, params }
    }

    /// Makes it a method of a provider.
    pub fn shared<S: Send + Sync + 'static>(self, this: &Arc<S>) -> PromptParts<Shared<S, P>> {
        PromptParts { prompt: self.prompt, params: Shared { this: Arc::clone(this), params: self.params } }
    }

    /// Runs a function that does not wait.
    pub fn sync<F, T, M>(self, function: F) -> Prompt
    where
        F: Fn(P::Values) -> Result<T, HandlerError> + Send + Sync + 'static,
        T: IntoPromptResult<M>,
    {
        self.attach(Plain(move |values| function(values).and_then(T::into_result)))
    }

    /// Runs an `async` function.
    pub fn future<F, R, T, M>(self, function: F) -> Prompt
    where
        F: Fn(P::Values) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, HandlerError>> + Send,
        T: IntoPromptResult<M>,
    {
        self.attach(Async(move |values| {
            let future = function(values);
            async move { future.await.and_then(T::into_result) }
        }))
    }

    /// Runs a function that blocks, on a thread for those.
    pub fn blocking<F, T, M>(self, function: F) -> Prompt
    where
        F: Fn(P::Values) -> Result<T, HandlerError> + Send + Sync + 'static,
        T: IntoPromptResult<M>,
    {
        self.attach(Blocking(Arc::new(move |values| function(values).and_then(T::into_result))))
    }

    fn attach(self, run: impl Run<P::Values, GetPromptResult>) -> Prompt {
        let Self { mut prompt, params } = self;
        let input = Input::new(params);
        prompt.common_mut().needs = input.needs();
        if prompt.takes().is_empty() {
            prompt = prompt.arguments(input.prompt_arguments());
        }
        let body = Arc::new((input, run));
        prompt.raw_handler(move |context, arguments: Variables| {
            let body = Arc::clone(&body);
            async move {
                let (input, run) = &*body;
                let slots = input
                    .read_text(&arguments)
                    .map_err(|text| HandlerError::rpc(RpcError::invalid_params(text)))?;
                let values = input.params.finish(slots, &context).await?;
                run.run(values).await
            }
        })
    }
}
