use std::{
    mem,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{Router, extract::ConnectInfo};
use bytes::Bytes;
use http::{Request, Response, request::Parts};
use http_body::{Frame, SizeHint};
use hyper::body::Incoming;
use pin_project_lite::pin_project;
use tower_service::Service as _;

use super::connection::Respond;
use crate::{reply, service::HttpService};

/// Everything that a server of its own serves.
pub(crate) struct Site {
    pub(crate) service: HttpService,
    /// The path of the endpoint, without a slash at its end.
    pub(crate) path: String,
    pub(crate) others: Router,
}

impl Respond for Site {
    type Body = Body;

    async fn respond(&self, parts: &mut Parts, body: Incoming, peer: SocketAddr) -> Response<Body> {
        // The endpoint first: it has nearly all requests, and finding a route costs more than comparing two strings.
        let path = parts.uri.path();
        if path.strip_suffix('/').unwrap_or(path) == self.path {
            return self.service.respond(parts, body, Some(peer)).await.map(|own| Body::Own { own });
        }
        let mut request = Request::new(body);
        *request.method_mut() = mem::take(&mut parts.method);
        *request.uri_mut() = mem::take(&mut parts.uri);
        *request.version_mut() = parts.version;
        *request.headers_mut() = mem::take(&mut parts.headers);
        *request.extensions_mut() = mem::take(&mut parts.extensions);
        request.extensions_mut().insert(ConnectInfo(peer));
        // Boxed, so that it takes no room in the futures of the endpoint's requests.
        let Ok(response) = Box::pin(self.others.clone().call(request)).await;
        response.map(|other| Body::Other { other })
    }
}

pin_project! {
    /// A body of the endpoint or of another route.
    #[project = Projected]
    pub(crate) enum Body {
        Own { #[pin] own: reply::Body },
        Other { #[pin] other: axum::body::Body },
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        match self.project() {
            Projected::Own { own } => own.poll_frame(context).map_err(|never| match never {}),
            Projected::Other { other } => other.poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Own { own } => own.is_end_stream(),
            Self::Other { other } => other.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Own { own } => own.size_hint(),
            Self::Other { other } => other.size_hint(),
        }
    }
}
