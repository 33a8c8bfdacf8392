use std::{
    fmt,
    future::poll_fn,
    task::{self, Poll},
};

use toolwright_core::{joint::BoxFuture, jsonrpc::RpcError};
use tower_layer::Layer;
use tower_service::Service;

use super::{Middleware, Next};
use crate::{Call, Reply};

/// A `tower` layer as middleware. Its service must be `Clone + Send + 'static`, and its errors must become an [`RpcError`].
///
/// # Example
/// ```
/// use toolwright_server::middleware::TowerLayer;
///
/// # #[derive(Clone)] struct Identity;
/// # impl<S> tower_layer::Layer<S> for Identity { type Service = S; fn layer(&self, inner: S) -> S { inner } }
/// let middleware = TowerLayer::new(Identity);
/// # let _ = middleware;
/// ```
#[derive(Clone, Debug)]
pub struct TowerLayer<L>(L);

impl<L> TowerLayer<L> {
    /// Adapts `layer`.
    pub fn new(layer: L) -> Self {
        Self(layer)
    }
}

impl<L> Middleware for TowerLayer<L>
where
    L: Layer<TowerService> + Send + Sync + 'static,
    L::Service: Service<Call, Response = Reply> + Clone + Send + 'static,
    <L::Service as Service<Call>>::Future: Send,
    <L::Service as Service<Call>>::Error: Into<RpcError>,
{
    async fn handle(&self, call: Call, next: Next) -> Reply {
        let mut service = self.0.layer(TowerService(next));
        if let Err(error) = poll_fn(|cx| service.poll_ready(cx)).await {
            return Reply::Error(error.into());
        }
        service.call(call).await.unwrap_or_else(|error| Reply::Error(error.into()))
    }
}

/// The rest of the way as a `tower` service. It is always ready and has no errors of its own.
#[derive(Clone)]
pub struct TowerService(Next);

impl Service<Call> for TowerService {
    type Response = Reply;
    type Error = RpcError;
    type Future = BoxFuture<'static, Result<Reply, RpcError>>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), RpcError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, call: Call) -> Self::Future {
        let next = self.0.clone();
        Box::pin(async move { Ok(next.run(call).await) })
    }
}

impl fmt::Debug for TowerService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TowerService")
    }
}
