use std::{
    convert::Infallible,
    error::Error,
    future::{Future, poll_fn},
    net::SocketAddr,
    pin::pin,
    sync::Arc,
    task::{Poll, Waker},
    time::Duration,
};

use http::{HeaderValue, Request, Response, header::CONNECTION};
use hyper::{
    body::{Body, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;

use super::{Closing, Life};

/// What answers the requests of all connections.
pub(crate) trait Respond: Send + Sync + 'static {
    type Body: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static;

    fn respond(
        &self,
        request: Request<Incoming>,
        peer: SocketAddr,
    ) -> impl Future<Output = Response<Self::Body>> + Send;
}

/// What all connections share.
pub(crate) struct Shelter<R> {
    pub(crate) respond: R,
    pub(crate) http: http1::Builder,
    pub(crate) life: Arc<Life>,
    pub(crate) closing: Closing,
}

/// How the protocol is spoken: within `header_timeout` for waiting and reading, `header_size` bytes for the head.
pub(crate) fn protocol(header_timeout: Duration, header_size: usize) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(header_timeout).max_header_size(header_size);
    http
}

impl<R: Respond> Shelter<R> {
    /// Serves a connection until the client is done, does something illegal, or all are told to end.
    pub(crate) async fn shelter(self: Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        let service = service_fn(|request| {
            let this = Arc::clone(&self);
            async move { Ok::<_, Infallible>(this.respond(request, peer).await) }
        });
        let mut connection = pin!(self.http.serve_connection(TokioIo::new(stream), service));
        let mut told = pin!(self.closing.told());
        let (mut known, mut ending) = (None::<Waker>, false);
        let ended = poll_fn(|context| {
            if let Poll::Ready(ended) = connection.as_mut().poll(context) {
                return Poll::Ready(ended);
            }
            if ending {
                return Poll::Pending;
            }
            // All connections share one list of whom to tell. A task keeps its waker, so each takes its lock once and not at
            // every request.
            if known.as_ref().is_none_or(|known| !known.will_wake(context.waker())) {
                let _ = told.as_mut().poll(context);
                known = Some(context.waker().clone());
            }
            if self.closing.is_asked() {
                ending = true;
                connection.as_mut().graceful_shutdown();
                return connection.as_mut().poll(context);
            }
            Poll::Pending
        })
        .await;
        if let Err(error) = ended {
            tracing::debug!(%peer, %error, "a connection broke");
        }
    }

    async fn respond(&self, request: Request<Incoming>, peer: SocketAddr) -> Response<R::Body> {
        let mut response = self.respond.respond(request, peer).await;
        if self.life.is_draining() {
            // So that the client goes elsewhere with its next request.
            response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }
}
