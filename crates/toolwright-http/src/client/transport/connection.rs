use std::{
    future::{Future as _, poll_fn},
    pin::{Pin, pin},
    task::{Context, Poll},
};

use ::http::{Request, Response};
use hyper::{
    body::Incoming,
    client::conn::http1::{self, SendRequest},
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::Instant,
};

use super::Once;

/// Bytes both ways, with TLS or without.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// A connection, which nobody drives but who waits for an answer on it: no task of its own, and when it is dropped, the server
/// sees it end.
pub(super) struct Connection {
    /// Boxed, since it moves between the pool and the requests.
    wire: Box<Wire>,
    /// Since when nobody uses it.
    pub(super) idle: Instant,
}

struct Wire {
    sender: SendRequest<Once>,
    driver: http1::Connection<TokioIo<Box<dyn Stream>>, Once>,
    over: bool,
}

/// The request did not get out, so that another connection can take it.
pub(super) struct Unsent(pub(super) Box<Request<Once>>);

impl Connection {
    pub(super) async fn open(stream: Box<dyn Stream>, longest_head: usize) -> hyper::Result<Self> {
        let (sender, driver) =
            http1::Builder::new().max_header_size(longest_head).handshake(TokioIo::new(stream)).await?;
        Ok(Self { wire: Box::new(Wire { sender, driver, over: false }), idle: Instant::now() })
    }

    /// Lets bytes flow. What ends the connection reaches whoever waits on it, as the end of that.
    pub(super) fn drive(&mut self, cx: &mut Context<'_>) {
        self.wire.drive(cx);
    }

    /// Whether the next request can go out.
    pub(super) async fn is_usable(&mut self) -> bool {
        poll_fn(|cx| {
            // The first one may have the rest of an answer to read before it sees that the server hung up.
            for _ in 0..2 {
                self.drive(cx);
                if self.wire.over {
                    return Poll::Ready(false);
                }
                if let Poll::Ready(ready) = self.wire.sender.poll_ready(cx) {
                    return Poll::Ready(ready.is_ok());
                }
            }
            Poll::Ready(false)
        })
        .await
    }

    pub(super) fn is_over(&self) -> bool {
        self.wire.over
    }

    /// Sends a request, up to the head of its answer.
    pub(super) async fn send(
        &mut self,
        request: Request<Once>,
    ) -> Result<Response<Incoming>, (hyper::Error, Option<Unsent>)> {
        let mut sending = pin!(self.wire.sender.try_send_request(request));
        let answer = poll_fn(|cx| {
            self.wire.drive(cx);
            sending.as_mut().poll(cx)
        })
        .await;
        answer.map_err(|mut failed| {
            let unsent = failed.take_message().map(|request| Unsent(Box::new(request)));
            (failed.into_error(), unsent)
        })
    }
}

impl Wire {
    fn drive(&mut self, cx: &mut Context<'_>) {
        if !self.over {
            self.over = Pin::new(&mut self.driver).poll(cx).is_ready();
        }
    }
}
