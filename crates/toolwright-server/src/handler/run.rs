use std::{future::Future, panic::resume_unwind, sync::Arc};

use crate::HandlerError;

/// A function that is ready to be called with the values of its parameters.
pub(super) trait Run<V, T>: Send + Sync + 'static {
    /// Calls it.
    fn run(&self, values: V) -> impl Future<Output = Result<T, HandlerError>> + Send;
}

/// A function that does not wait.
pub(super) struct Plain<F>(pub(super) F);

impl<V: Send, T: Send, F> Run<V, T> for Plain<F>
where
    F: Fn(V) -> Result<T, HandlerError> + Send + Sync + 'static,
{
    fn run(&self, values: V) -> impl Future<Output = Result<T, HandlerError>> + Send {
        std::future::ready((self.0)(values))
    }
}

/// An `async` function.
pub(super) struct Async<F>(pub(super) F);

impl<V: Send, T, R, F> Run<V, T> for Async<F>
where
    F: Fn(V) -> R + Send + Sync + 'static,
    R: Future<Output = Result<T, HandlerError>> + Send,
{
    fn run(&self, values: V) -> impl Future<Output = Result<T, HandlerError>> + Send {
        (self.0)(values)
    }
}

/// A function that blocks its thread, which is why it gets one of its own.
pub(super) struct Blocking<F>(pub(super) Arc<F>);

impl<V: Send + 'static, T: Send + 'static, F> Run<V, T> for Blocking<F>
where
    F: Fn(V) -> Result<T, HandlerError> + Send + Sync + 'static,
{
    async fn run(&self, values: V) -> Result<T, HandlerError> {
        let function = Arc::clone(&self.0);
        match tokio::task::spawn_blocking(move || function(values)).await {
            Ok(outcome) => outcome,
            Err(error) => match error.try_into_panic() {
                // The engine answers for panics, wherever they happen.
                Ok(panic) => resume_unwind(panic),
                Err(error) => Err(error.into()),
            },
        }
    }
}
