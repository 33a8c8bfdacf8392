use std::{future::Future, sync::Arc};

use super::{
    run::{Async, Blocking, Plain, Run},
    shared::Shared,
};
use crate::{
    Completion, HandlerError,
    arguments::{Input, Params, Variables, param::Role},
    respond::IntoCompletion,
};

/// What has arguments that can be completed: prompts and resource templates.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has nothing to complete",
    label = "neither a prompt nor a resource template",
    note = "completions are for arguments of prompts and variables of resource templates"
)]
pub trait Completes {
    /// The names of its arguments, unless `Args` holds more of them.
    const ARGUMENTS: Option<&'static [&'static str]>;

    /// A completion of one of them.
    fn completion(argument: &'static str) -> Completion;
}

/// Stops the compiler where a completion names an argument that does not exist.
///
/// # Panics
/// In a constant, which is a compile error.
pub const fn has_argument(known: Option<&[&str]>, name: &str, text: &str) {
    let Some(known) = known else { return };
    let mut index = 0;
    while index < known.len() {
        if equal(known[index].as_bytes(), name.as_bytes()) {
            return;
        }
        index += 1;
    }
    panic!("{}", text);
}

const fn equal(one: &[u8], two: &[u8]) -> bool {
    if one.len() != two.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != two[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// The names of a prompt's arguments, or nothing if one parameter is `Args`.
pub const fn names_without_args(
    roles: &[Role],
    names: Option<&'static [&'static str]>,
) -> Option<&'static [&'static str]> {
    let mut index = 0;
    while index < roles.len() {
        if matches!(roles[index], Role::Whole) {
            return None;
        }
        index += 1;
    }
    names
}

/// A completion that lacks its function.
#[derive(Debug)]
pub struct CompletionParts<P> {
    completion: Completion,
    params: P,
}

/// A completion with these parameters.
pub fn completion<P: Params>(completion: Completion, params: P) -> CompletionParts<P> {
    CompletionParts { completion, params }
}

impl<P: Params> CompletionParts<P> {
    /// Makes it a method of a provider.
    pub fn shared<S: Send + Sync + 'static>(self, this: &Arc<S>) -> CompletionParts<Shared<S, P>> {
        CompletionParts {
            completion: self.completion,
            params: Shared { this: Arc::clone(this), params: self.params },
        }
    }

    /// Runs a function that does not wait.
    pub fn sync<F, T, M>(self, function: F) -> Completion
    where
        F: Fn(P::Values) -> Result<T, HandlerError> + Send + Sync + 'static,
        T: IntoCompletion<M>,
    {
        self.attach(Plain(move |values| function(values).and_then(T::into_values)))
    }

    /// Runs an `async` function.
    pub fn future<F, R, T, M>(self, function: F) -> Completion
    where
        F: Fn(P::Values) -> R + Send + Sync + 'static,
        R: Future<Output = Result<T, HandlerError>> + Send,
        T: IntoCompletion<M>,
    {
        self.attach(Async(move |values| {
            let future = function(values);
            async move { future.await.and_then(T::into_values) }
        }))
    }

    /// Runs a function that blocks, on a thread for those.
    pub fn blocking<F, T, M>(self, function: F) -> Completion
    where
        F: Fn(P::Values) -> Result<T, HandlerError> + Send + Sync + 'static,
        T: IntoCompletion<M>,
    {
        self.attach(Blocking(Arc::new(move |values| function(values).and_then(T::into_values))))
    }

    /// The first argument is what was typed; further ones are arguments that were chosen before.
    fn attach(self, run: impl Run<P::Values, Vec<String>>) -> Completion {
        let Self { completion, params } = self;
        let input = Input::new(params);
        let body = Arc::new((input, run));
        completion.handler(move |context, typed, chosen: Variables| {
            let body = Arc::clone(&body);
            async move {
                let (input, run) = &*body;
                let Some(slots) = input.read_typed(typed, &chosen) else {
                    return Ok(Vec::new());
                };
                let values = input.params.finish(slots, &context).await?;
                run.run(values).await
            }
        })
    }
}
