//! Layers around calls: on the server, or on one component.
//!
//! A layer wraps `Call -> Reply`. Every request, notification and batch item that is served passes the server's layers exactly once,
//! outermost first in the order they were added. What is refused before it has a method that exists here is no call, and neither is
//! `notifications/cancelled`, which ends one. Layers of HTTP stay in the HTTP stack.
mod chain;
mod next;
mod tower;

pub use next::Next;
pub use tower::{TowerLayer, TowerService};

use std::{fmt, future::Future, sync::Arc};

use toolwright_core::joint::BoxFuture;

use crate::{Call, Reply};
pub(crate) use chain::Chain;

/// A layer around calls. An `async fn(Call, Next) -> Reply` is one.
///
/// # Example
/// ```
/// use toolwright_server::{Call, Reply, middleware::{Middleware, Next}};
///
/// struct Deny(&'static str);
///
/// impl Middleware for Deny {
///     async fn handle(&self, call: Call, next: Next) -> Reply {
///         if call.target() == Some(self.0) {
///             return toolwright_core::jsonrpc::RpcError::invalid_params("not today").into();
///         }
///         next.run(call).await
///     }
/// }
/// # let _ = Deny("x");
/// ```
pub trait Middleware: Send + Sync + 'static {
    /// Handles `call`, usually by passing it on with [`Next::run`] and looking at it before or at the reply after.
    fn handle(&self, call: Call, next: Next) -> impl Future<Output = Reply> + Send;
}

impl<F, R> Middleware for F
where
    F: Fn(Call, Next) -> R + Send + Sync + 'static,
    R: Future<Output = Reply> + Send,
{
    fn handle(&self, call: Call, next: Next) -> impl Future<Output = Reply> + Send {
        self(call, next)
    }
}

/// Any [`Middleware`], shared.
#[derive(Clone)]
pub struct SharedMiddleware(Arc<dyn Handle>);

impl SharedMiddleware {
    /// Shares `middleware`.
    pub fn new(middleware: impl Middleware) -> Self {
        Self(Arc::new(middleware))
    }

    fn handle(&self, call: Call, next: Next) -> BoxFuture<'static, Reply> {
        Arc::clone(&self.0).handle(call, next)
    }
}

impl fmt::Debug for SharedMiddleware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedMiddleware")
    }
}

trait Handle: Send + Sync {
    fn handle(self: Arc<Self>, call: Call, next: Next) -> BoxFuture<'static, Reply>;
}

impl<M: Middleware> Handle for M {
    fn handle(self: Arc<Self>, call: Call, next: Next) -> BoxFuture<'static, Reply> {
        Box::pin(async move { Middleware::handle(&*self, call, next).await })
    }
}
