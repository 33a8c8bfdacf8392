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

use http::{HeaderValue, Request, Response, header::CONNECTION, request::Parts};
use hyper::{
    body::{Body, Incoming},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::{Closing, Life, header_timeout::HeaderTimeout};

/// What answers the requests of all connections.
pub(crate) trait Respond: Send + Sync + 'static {
    type Body: Body<Data: Send, Error: Into<Box<dyn Error + Send + Sync>>> + Send + 'static;

    /// Answers a request, whose head is lent.
    fn respond(
        &self,
        parts: &mut Parts,
        body: Incoming,
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

/// How the protocol is spoken: within `header_timeout` for waiting and reading, `header_size` bytes for the head. Each connection
/// has a timer of its own.
pub(crate) fn protocol(header_timeout: Duration, header_size: usize) -> http1::Builder {
    let mut http = http1::Builder::new();
    http.header_read_timeout(header_timeout).max_header_size(header_size);
    http
}

impl<R: Respond> Shelter<R> {
    /// Serves a connection until the client is done, does something illegal, or all are told to end.
    pub(crate) async fn shelter(self: Arc<Self>, stream: TcpStream, peer: SocketAddr) {
        let service = service_fn(|request| Arc::clone(&self).respond(request, peer));
        let mut timeout = HeaderTimeout::default();
        let mut http = self.http.clone();
        let mut connection =
            pin!(http.timer(timeout.timer()).serve_connection(TokioIo::new(stream), service));
        let mut told = pin!(self.closing.told());
        let (mut known, mut ending) = (None::<Waker>, false);
        let ended = poll_fn(|context| {
            if let Poll::Ready(ended) = connection.as_mut().poll(context) {
                return Poll::Ready(ended);
            }
            let is_known = known.as_ref().is_some_and(|known| known.will_wake(context.waker()));
            if timeout.has_ended(context, is_known) {
                return connection.as_mut().poll(context);
            }
            if ending {
                return Poll::Pending;
            }
            // All connections share one list of whom to tell. A task keeps its waker, so each takes its lock once and not at
            // every request.
            if !is_known {
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

    fn respond(
        self: Arc<Self>,
        request: Request<Incoming>,
        peer: SocketAddr,
    ) -> impl Future<Output = Result<Response<R::Body>, Infallible>> + Send {
        // Here, since the argument of an `async fn` takes room in its future twice.
        let (mut parts, body) = request.into_parts();
        async move {
            let mut response = self.respond.respond(&mut parts, body, peer).await;
            if self.life.is_draining() {
                // So that the client goes elsewhere with its next request.
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(response)
        }
    }
}
