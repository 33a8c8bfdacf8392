use std::{fmt, future::Future, sync::Arc};

use toolwright_core::{
    joint::BoxFuture,
    model::{CreateMessageParams, CreateMessageResult},
};

use crate::{Context, HandlerError};

/// A model of the server's, asked where the client of a call did not declare that it can sample, or not with tools. Give it to
/// [`sampling_fallback`](crate::ServerBuilder::sampling_fallback).
///
/// It is asked once for each question, also when the handler runs again. The server pays for it: consider who may call.
///
/// # Example
/// ```
/// use toolwright_server::{
///     Context, HandlerError, Server,
///     core::model::{CreateMessageParams, CreateMessageResult, SamplingContent},
///     sampling::SamplingFallback,
/// };
///
/// /// Says what was said last.
/// struct Echo;
///
/// impl SamplingFallback for Echo {
///     async fn create_message(
///         &self,
///         params: CreateMessageParams,
///         _context: &Context,
///     ) -> Result<CreateMessageResult, HandlerError> {
///         let last = params.messages.last().and_then(|message| message.content.as_slice()[0].as_text());
///         Ok(CreateMessageResult::new("echo", SamplingContent::text(last.unwrap_or_default())))
///     }
/// }
///
/// let server = Server::builder("demo").sampling_fallback(Echo).build();
/// assert!(server.is_ok());
/// ```
pub trait SamplingFallback: Send + Sync + 'static {
    /// Says the next message of a conversation. `context` is the call that asks.
    ///
    /// # Errors
    /// When the model gives none; the handler that asked gets the error.
    fn create_message(
        &self,
        params: CreateMessageParams,
        context: &Context,
    ) -> impl Future<Output = Result<CreateMessageResult, HandlerError>> + Send;
}

trait DynFallback: Send + Sync {
    fn create_message<'a>(
        &'a self,
        params: CreateMessageParams,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<CreateMessageResult, HandlerError>>;
}

impl<F: SamplingFallback> DynFallback for F {
    fn create_message<'a>(
        &'a self,
        params: CreateMessageParams,
        context: &'a Context,
    ) -> BoxFuture<'a, Result<CreateMessageResult, HandlerError>> {
        Box::pin(SamplingFallback::create_message(self, params, context))
    }
}

/// Any [`SamplingFallback`], shared.
#[derive(Clone)]
pub(crate) struct SharedFallback(Arc<dyn DynFallback>);

impl SharedFallback {
    pub(crate) fn new(fallback: impl SamplingFallback) -> Self {
        Self(Arc::new(fallback))
    }

    pub(crate) async fn create_message(
        &self,
        params: CreateMessageParams,
        context: &Context,
    ) -> Result<CreateMessageResult, HandlerError> {
        self.0.create_message(params, context).await
    }
}

impl fmt::Debug for SharedFallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedFallback")
    }
}
