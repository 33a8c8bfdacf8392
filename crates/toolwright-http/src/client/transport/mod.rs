//! How a request gets to the server, and the bytes of its answer back.
mod connection;
mod dial;
mod failure;
mod once;
mod pool;
mod reply;
mod service;
mod tls;

use self::failure::failure;
pub(super) use self::{
    dial::Dial,
    once::Once,
    pool::Pool,
    reply::Reply,
    service::{BoxError, Local},
};
use std::sync::Arc;

use ::http::{Request, response::Parts};
use toolwright_core::joint::LinkError;

/// The two ways to reach a server.
pub(super) enum Transport {
    Sockets(Pool),
    Service(Arc<Local>),
}

impl Transport {
    /// Resolves with the head of the answer, and with its body to come.
    pub(super) async fn send(&self, request: Request<Once>) -> Result<(Parts, Reply), LinkError> {
        match self {
            Self::Sockets(pool) => pool.send(request).await,
            Self::Service(service) => service.send(request).await,
        }
    }
}
