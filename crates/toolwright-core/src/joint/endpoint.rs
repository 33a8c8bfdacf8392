use std::{error::Error, sync::Arc};

use super::{BoxFuture, Inbound, Outbound, Outlet, Session, Surface};

/// What a server is to a transport: a service without errors, and the few things a transport must know beside it.
///
/// Every request handed to [`call`](Self::call) is answered exactly once, by the future it returns. Dropping that future
/// cancels the request.
pub trait Endpoint: Send + Sync + 'static {
    /// Serves one message or batch.
    fn call(&self, inbound: Inbound) -> BoxFuture<'static, Outbound>;

    /// Makes the memory of a new connection. What the server has to say outside of requests goes to `outlet`.
    fn open(&self, outlet: Arc<dyn Outlet>) -> Arc<dyn Session>;

    /// Limits, token verifier.
    fn surface(&self) -> &Surface;

    /// Runs lifespans and first fetches. Called by whoever serves, before the first message; later calls do nothing.
    ///
    /// # Errors
    /// What a lifespan or provider reports.
    fn start(&self) -> BoxFuture<'static, Result<(), Box<dyn Error + Send + Sync>>>;

    /// Ends long-lived subscriptions with their result, so that draining can finish. Running calls go on.
    fn drain(&self);

    /// Tears down what [`start`](Self::start) set up, in reverse order.
    fn stop(&self) -> BoxFuture<'static, ()>;
}
