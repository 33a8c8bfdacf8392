//! HTTP without sockets.
use std::{
    collections::VecDeque,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{Method, Request, Response},
};
use http_body::Frame;
use toolwright::client::Http;

use super::{
    place::{Framing, Head, Reaction, Step},
    server::{self, Reply},
};

/// A service that has the faults. Each body that is open holds on to `open`.
pub(super) fn http(framing: Framing, session: bool, open: &Arc<()>) -> Http {
    let open = open.clone();
    let service = move |request: Request<Body>| {
        let open = open.clone();
        async move {
            let mut opens = false;
            let reaction = match *request.method() {
                Method::GET if session => server::stream(
                    request.headers().get("last-event-id").map(|after| after.to_str().unwrap()),
                ),
                Method::POST => {
                    let body = to_bytes(request.into_body(), usize::MAX).await.unwrap();
                    let message: serde_json::Value = serde_json::from_slice(&body).unwrap();
                    opens = message["method"] == "initialize";
                    match server::reply(&message, framing, false) {
                        Reply::Accepted => server::accepted(),
                        Reply::Message(message) => server::told(&message, framing),
                        Reply::Fault(reaction) => reaction,
                    }
                }
                _ => Reaction { head: Head::Status(405, Vec::new()), steps: Vec::new() },
            };
            respond(reaction, framing, opens, open).await
        }
    };
    Http::in_process(tower::service_fn(service), "/mcp")
}

async fn respond(
    reaction: Reaction,
    framing: Framing,
    opens: bool,
    open: Arc<()>,
) -> io::Result<Response<Body>> {
    let Some((status, headers)) = server::head(&reaction.head, framing) else {
        match reaction.steps[..] {
            [Step::Silence] => return std::future::pending().await,
            [Step::Close] => return Err(io::ErrorKind::UnexpectedEof.into()),
            [Step::Kill] => return Err(io::ErrorKind::ConnectionReset.into()),
            ref other => unreachable!("{other:?} without a head"),
        }
    };
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    if opens {
        response = response.header("mcp-session-id", "s-1");
    }
    Ok(response.body(Body::new(Steps { steps: reaction.steps.into(), _open: open })).unwrap())
}

struct Steps {
    steps: VecDeque<Step>,
    _open: Arc<()>,
}

impl http_body::Body for Steps {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _cx: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self.steps.pop_front() {
            Some(Step::Data(data)) => Poll::Ready(Some(Ok(Frame::data(data.into())))),
            Some(Step::Close) => Poll::Ready(Some(Err(io::ErrorKind::UnexpectedEof.into()))),
            Some(Step::Kill) => Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into()))),
            Some(Step::Silence) => {
                self.steps.push_front(Step::Silence);
                Poll::Pending
            }
            None => Poll::Ready(None),
        }
    }
}
