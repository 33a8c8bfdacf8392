use std::{
    future::poll_fn,
    sync::{Mutex, PoisonError},
};

use ::http::{Request, Response, response::Parts};
use axum::body::Body;
use bytes::{Buf, Bytes};
use toolwright_core::joint::{BoxFuture, LinkError};
use tower_service::Service;

use super::{Once, Reply, failure::innermost};

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

type Answer = BoxFuture<'static, Result<Response<Body>, LinkError>>;

/// A service in this process.
pub(crate) struct Local(Box<dyn Fn(Request<Body>) -> Answer + Send + Sync>);

impl Local {
    pub(crate) fn new<S, B>(service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: http_body::Body + Send + 'static,
        B::Data: Buf,
        B::Error: Into<BoxError>,
    {
        // A service need not be `Sync`; each request has a clone.
        let service = Mutex::new(service);
        Self(Box::new(move |request| {
            let mut service = service.lock().unwrap_or_else(PoisonError::into_inner).clone();
            Box::pin(async move {
                poll_fn(|cx| service.poll_ready(cx)).await.map_err(failed)?;
                let response = service.call(request).await.map_err(failed)?;
                Ok(response.map(|body| Body::new(Contiguous(Box::pin(body)))))
            })
        }))
    }

    pub(super) async fn send(&self, request: Request<Once>) -> Result<(Parts, Reply), LinkError> {
        let (head, body) = (self.0)(request.map(|body| Body::from(body.into_inner()))).await?.into_parts();
        Ok((head, Reply::local(body)))
    }
}

fn failed(error: impl Into<BoxError>) -> LinkError {
    LinkError::Io(std::io::Error::other(innermost(&*error.into())))
}

/// A body whose pieces are [`Bytes`].
struct Contiguous<B>(std::pin::Pin<Box<B>>);

impl<B: http_body::Body> http_body::Body for Contiguous<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, B::Error>>> {
        self.0
            .as_mut()
            .poll_frame(cx)
            .map_ok(|frame| frame.map_data(|mut data| data.copy_to_bytes(data.remaining())))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.0.size_hint()
    }
}
