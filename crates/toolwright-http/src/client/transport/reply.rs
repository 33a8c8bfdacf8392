use std::{
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::body::Body as LocalBody;
use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use hyper::body::Incoming;
use toolwright_core::joint::LinkError;

use super::{connection::Connection, failure, failure::innermost, pool::Idle};

/// Most bytes that are read over to use a connection again.
const WASTE: usize = 64 * 1024;

/// The body of an answer, as it comes. Dropped before its end, it takes its connection along, which tells the server.
pub(crate) struct Reply(Body);

enum Body {
    Socket { connection: Option<Connection>, body: Incoming, idle: Arc<Idle> },
    Local(LocalBody),
}

impl Reply {
    pub(super) fn socket(connection: Connection, body: Incoming, idle: Arc<Idle>) -> Self {
        let mut reply = Self(Body::Socket { connection: Some(connection), body, idle });
        reply.settle();
        reply
    }

    pub(super) fn local(body: LocalBody) -> Self {
        Self(Body::Local(body))
    }

    /// The next piece; none at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>, LinkError> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<Bytes>, LinkError>> {
        loop {
            let frame = match &mut self.0 {
                Body::Socket { connection: Some(connection), body, .. } => {
                    // Asked first, so that the connection knows that more is wanted.
                    let mut frame = Pin::new(&mut *body).poll_frame(cx);
                    if frame.is_pending() {
                        connection.drive(cx);
                        frame = Pin::new(body).poll_frame(cx);
                    }
                    frame.map(|frame| frame.map(|frame| frame.map_err(failure)))
                }
                Body::Socket { connection: None, .. } => return Poll::Ready(Ok(None)),
                Body::Local(body) => Pin::new(body).poll_frame(cx).map(|frame| {
                    frame.map(|frame| {
                        frame.map_err(|error| LinkError::Io(std::io::Error::other(innermost(&error))))
                    })
                }),
            };
            let frame = match frame {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(frame) => frame.transpose()?,
            };
            let Some(frame) = frame else {
                self.release();
                return Poll::Ready(Ok(None));
            };
            self.settle();
            // Trailers say nothing here.
            if let Ok(data) = frame.into_data()
                && !data.is_empty()
            {
                return Poll::Ready(Ok(Some(data)));
            }
        }
    }

    /// All of it, of `limit` bytes at most.
    pub(crate) async fn whole(&mut self, limit: usize) -> Result<Bytes, LinkError> {
        let too_large = || LinkError::TooLarge { limit };
        if self.size() > limit as u64 {
            return Err(too_large());
        }
        let Some(first) = self.next().await? else { return Ok(Bytes::new()) };
        if first.len() > limit {
            return Err(too_large());
        }
        let Some(second) = self.next().await? else { return Ok(first) };
        let mut all =
            BytesMut::with_capacity(first.len() + second.len() + self.size().min(limit as u64) as usize);
        all.extend_from_slice(&first);
        let mut next = Some(second);
        while let Some(piece) = next {
            if piece.len() > limit - all.len() {
                return Err(too_large());
            }
            all.extend_from_slice(&piece);
            next = self.next().await?;
        }
        Ok(all.freeze())
    }

    /// Reads over what is there already, without waiting. Whether that was the rest.
    pub(crate) async fn finish(&mut self) -> bool {
        let mut waste = 0;
        poll_fn(|cx| {
            loop {
                match self.poll_next(cx) {
                    Poll::Ready(Ok(None)) => return Poll::Ready(true),
                    Poll::Ready(Ok(Some(data))) if waste + data.len() <= WASTE => waste += data.len(),
                    _ => return Poll::Ready(false),
                }
            }
        })
        .await
    }

    /// How many bytes are announced.
    fn size(&self) -> u64 {
        match &self.0 {
            Body::Socket { body, .. } => body.size_hint().lower(),
            Body::Local(body) => body.size_hint().lower(),
        }
    }

    /// Gives the connection back as soon as its end is known.
    fn settle(&mut self) {
        if let Body::Socket { body, .. } = &self.0
            && body.is_end_stream()
        {
            self.release();
        }
    }

    fn release(&mut self) {
        if let Body::Socket { connection, idle, .. } = &mut self.0
            && let Some(connection) = connection.take()
        {
            idle.put(connection);
        }
    }
}
