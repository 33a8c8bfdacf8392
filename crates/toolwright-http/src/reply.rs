//! Responses: their one type of body, and how answers and refusals become them.
use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Response, StatusCode,
    header::{ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER},
};
use http_body::{Frame, SizeHint};
use toolwright_core::{
    joint::Outbound,
    jsonrpc::{
        RpcError,
        encode::{self, AbsentId},
    },
    sse,
};

use crate::stream::SseBody;

const JSON: HeaderValue = HeaderValue::from_static("application/json");
const EVENT_STREAM: HeaderValue = HeaderValue::from_static("text/event-stream");
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");

/// How many headers clients send. hyper reads those of a connection's next request into the table of its last answer, so that one
/// which is large enough need not grow each time.
const USUAL: usize = 10;

/// The body of every response: nothing, one message, or a stream of events.
pub struct Body(Content);

enum Content {
    Whole(Option<Bytes>),
    Events(Box<SseBody>),
}

impl Body {
    /// Nothing.
    pub(crate) const EMPTY: Self = Self(Content::Whole(None));

    /// All of it.
    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self(Content::Whole(Some(bytes)))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match &mut self.0 {
            Content::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
            Content::Events(events) => Pin::new(&mut **events).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.0, Content::Whole(None))
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Content::Whole(bytes) => {
                SizeHint::with_exact(bytes.as_ref().map_or(0, |bytes| bytes.len() as u64))
            }
            Content::Events(_) => SizeHint::default(),
        }
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.0 {
            Content::Whole(bytes) => f.debug_tuple("Body").field(bytes).finish(),
            Content::Events(_) => f.write_str("Body(events)"),
        }
    }
}

/// An answer as one JSON body; without one it was accepted and that is all.
pub(crate) fn answer(outbound: Outbound) -> Response<Body> {
    let Outbound { body, status, mut headers, .. } = outbound;
    let body = match body {
        Some(body) => {
            headers.reserve(USUAL);
            headers.insert(CONTENT_TYPE, JSON);
            Body::whole(body)
        }
        None => Body::EMPTY,
    };
    if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
        headers.entry(RETRY_AFTER).or_insert(HeaderValue::from_static("1"));
    }
    respond(status, headers, body)
}

/// An answer as the only event of a stream, for clients that read nothing else.
pub(crate) fn event(outbound: Outbound) -> Response<Body> {
    match outbound.body {
        Some(ref answer) if outbound.status.is_success() => {
            let event = sse::event(None, answer);
            streaming(outbound.headers, Body::whole(event))
        }
        _ => answer(outbound),
    }
}

/// A stream of events.
pub(crate) fn events(headers: HeaderMap, events: SseBody) -> Response<Body> {
    streaming(headers, Body(Content::Events(Box::new(events))))
}

fn streaming(mut headers: HeaderMap, body: Body) -> Response<Body> {
    headers.insert(CONTENT_TYPE, EVENT_STREAM);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache, no-transform"));
    headers.insert(X_ACCEL_BUFFERING, HeaderValue::from_static("no"));
    respond(StatusCode::OK, headers, body)
}

/// A request that the endpoint does not get to see: a JSON-RPC error without an id ("Streamable HTTP").
pub(crate) fn refusal(status: StatusCode, error: &RpcError) -> Response<Body> {
    answer(Outbound::answer(encode::error(None, AbsentId::Omitted, error)).status(status))
}

/// The client sent something that is not served: `text` says what is expected.
pub(crate) fn invalid(status: StatusCode, text: &'static str) -> Response<Body> {
    refusal(status, &RpcError::invalid_request(text))
}

/// The server cannot serve it now.
pub(crate) fn unavailable(text: &'static str) -> Response<Body> {
    refusal(StatusCode::SERVICE_UNAVAILABLE, &RpcError::internal_error(text))
}

/// The server is about to end, so the connection ends first.
pub(crate) fn ending() -> Response<Body> {
    let mut response = unavailable("the server is shutting down; try again, another instance may take over");
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// The endpoint has other methods.
pub(crate) fn method_not_allowed(allow: &'static str) -> Response<Body> {
    let mut response = invalid(
        StatusCode::METHOD_NOT_ALLOWED,
        "this HTTP method is not served here; messages are sent by POST",
    );
    response.headers_mut().insert(ALLOW, HeaderValue::from_static(allow));
    response
}

fn respond(status: StatusCode, headers: HeaderMap, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
