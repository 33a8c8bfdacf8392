use std::{future::Future, sync::Arc};

use toolwright_core::{Raw, model::CallToolResult};

use super::{
    run::{Async, Blocking, Plain, Run},
    shared::Shared,
};
use crate::{
    HandlerError, Tool,
    arguments::{Arguments, Input, Params, schema},
    respond::IntoToolResult,
};

/// A tool that lacks its function.
#[derive(Debug)]
pub struct ToolParts<P> {
    tool: Tool,
    params: P,
}

/// A tool of this name with these parameters.
pub fn tool<P: Params>(name: &'static str, params: P) -> ToolParts<P> {
    ToolParts { tool: Tool::new(name), params }
}

impl<P: Params> ToolParts<P> {
    pub(super) fn new(tool: Tool, params: P) -> Self {
        Self { tool, params }
    }

    /// Makes it a method of a provider.
    pub fn shared<S: Send + Sync + 'static>(self, this: &Arc<S>) -> ToolParts<Shared<S, P>> {
        ToolParts { tool: self.tool, params: Shared { this: Arc::clone(this), params: self.params } }
    }

    /// Runs a function that does not wait.
    pub fn sync<F, T, M>(self, function: F) -> Tool
    where
        F: Fn(P::Values) -> Result<T, HandlerError> + Send + Sync + 'static,
        T: IntoToolResult<M>,
    {
        let run = Plain(move |values| function(values).and_then(T::into_result));
        self.attach::<T, M>(run)
    }

    /// Runs an `async` function.
    pub fn future<F, R, T, M>(self, function: F) -> Tool
    where
        F: Fn(P::Values) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, HandlerError>> + Send,
        T: IntoToolResult<M>,
    {
        let run = Async(move |values| {
            let future = function(values);
            async move { future.await.and_then(T::into_result) }
        });
        self.attach::<T, M>(run)
    }

    /// Runs a function that blocks, on a thread for those.
    pub fn blocking<F, T, M>(self, function: F) -> Tool
    where
        F: Fn(P::Values) -> Result<T, HandlerError> + Send + Sync + 'static,
        T: IntoToolResult<M>,
    {
        let run = Blocking(Arc::new(move |values| function(values).and_then(T::into_result)));
        self.attach::<T, M>(run)
    }

    fn attach<T: IntoToolResult<M>, M>(self, run: impl Run<P::Values, CallToolResult>) -> Tool {
        let Self { mut tool, params } = self;
        let input = Input::new(params);
        if !tool.has_own_input_schema() {
            tool = tool.derived_input_schema(Raw::from(&input.schema));
        }
        if tool.result_schema().is_none() {
            let mut generator = schema::output_generator();
            let output =
                T::output_schema(&mut generator).map(|output| Raw::from(schema::finish(output, &generator)));
            tool = tool.derived_output_schema(output);
        }
        tool.common_mut().needs = input.needs();
        let body = Arc::new((input, run));
        tool.raw_handler(move |context, arguments: Arguments| {
            let body = Arc::clone(&body);
            async move {
                let (input, run) = &*body;
                let slots = input.read(&arguments).map_err(HandlerError::public)?;
                let values = input.params.finish(slots, &context).await?;
                run.run(values).await
            }
        })
    }
}
