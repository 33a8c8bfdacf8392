//! A server that answers as it is told to, without a socket.
use std::{
    collections::VecDeque,
    convert::Infallible,
    future::{Ready, ready},
    io,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
};

use axum::{body::Body as RequestBody, response::IntoResponse};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode, header::CONTENT_TYPE};
use http_body::Frame;
use serde_json::json;
use tokio::sync::{mpsc, watch};
use toolwright_core::{
    joint::{Attach, BoxFuture, Closed, Connect, Link, Outgoing, Outlet, SendError},
    jsonrpc::Id,
};
use toolwright_http::client::Http;
use tower_service::Service;

/// What happens to the body, in this order; then it ends.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Data(Bytes),
    Break,
    Hang,
    /// Goes on with what the test says, until it has no more to say.
    Live(Arc<Mutex<mpsc::UnboundedReceiver<Bytes>>>),
}

#[derive(Clone, Debug)]
pub(crate) struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    steps: VecDeque<Step>,
}

impl Answer {
    pub(crate) fn status(status: u16) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        Self { status, headers: HeaderMap::new(), steps: VecDeque::new() }
    }

    pub(crate) fn json(body: impl ToString) -> Self {
        Self::status(200).header("content-type", "application/json").data(body.to_string())
    }

    pub(crate) fn events(text: impl Into<Bytes>) -> Self {
        Self::status(200).header("content-type", "text/event-stream; charset=utf-8").data(text)
    }

    /// A stream of events on which the test says what comes.
    pub(crate) fn live() -> (Self, Speaker) {
        let (speaker, said) = mpsc::unbounded_channel();
        (Self::events("").then(Step::Live(Arc::new(Mutex::new(said)))), Speaker(speaker))
    }

    fn response(self) -> Response<Steps> {
        let mut response = Response::new(Steps(self.steps));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        assert!(response.headers().contains_key(CONTENT_TYPE) || response.body().0.is_empty());
        response
    }

    /// The answer to the request 1.
    pub(crate) fn done() -> Self {
        Self::json(RESULT)
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    pub(crate) fn data(mut self, text: impl Into<Bytes>) -> Self {
        self.steps.push_back(Step::Data(text.into()));
        self
    }

    pub(crate) fn then(mut self, step: Step) -> Self {
        self.steps.push_back(step);
        self
    }
}

/// Says what comes on a stream, which ends when this is dropped.
pub(crate) struct Speaker(mpsc::UnboundedSender<Bytes>);

impl Speaker {
    pub(crate) fn say(&self, text: impl Into<Bytes>) {
        self.0.send(text.into()).unwrap();
    }

    /// Waits until the client hung up.
    pub(crate) async fn gone(&self) {
        self.0.closed().await;
    }
}

pub(crate) const RESULT: &str = r#"{"jsonrpc":"2.0","id":1,"result":{}}"#;

pub(crate) fn event(data: &str) -> String {
    format!("data: {data}\n\n")
}

/// A request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
}

impl Seen {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

/// Answers in the order given, and 405 when there are no more.
#[derive(Clone, Default)]
pub(crate) struct Script {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    seen: Arc<watch::Sender<Vec<Seen>>>,
}

impl Script {
    pub(crate) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), seen: Arc::default() }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.borrow().clone()
    }

    /// Waits until so many requests came.
    pub(crate) async fn requests(&self, count: usize) -> Vec<Seen> {
        self.seen.subscribe().wait_for(|seen| seen.len() >= count).await.unwrap().clone()
    }

    pub(crate) fn http(&self) -> Http {
        Http::in_process(self.clone(), "/mcp")
    }

    pub(crate) async fn connect(&self) -> (Arc<dyn Link>, Inbox) {
        connect(self.http()).await
    }
}

pub(crate) async fn connect(http: Http) -> (Arc<dyn Link>, Inbox) {
    let (sender, inbox) = mpsc::channel(64);
    (http.connect(Attach::new(Arc::new(Inlet(sender)))).await.unwrap(), Inbox(inbox))
}

/// A request with the id 1.
pub(crate) fn call(method: &'static str) -> Outgoing {
    request(1, method)
}

pub(crate) fn request(id: i64, method: &'static str) -> Outgoing {
    let body = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": {} }).to_string();
    Outgoing::request(Id::from(id), body).method(method)
}

pub(crate) fn notice() -> Outgoing {
    let method = "notifications/initialized";
    Outgoing::notice(json!({ "jsonrpc": "2.0", "method": method }).to_string()).method(method)
}

pub(crate) struct Inbox(mpsc::Receiver<Bytes>);

impl Inbox {
    pub(crate) async fn next(&mut self) -> String {
        String::from_utf8(self.0.recv().await.unwrap().into()).unwrap()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

struct Inlet(mpsc::Sender<Bytes>);

impl Outlet for Inlet {
    fn try_send(&self, message: Bytes) -> Result<(), SendError> {
        self.0.try_send(message).map_err(|_| Closed.into())
    }

    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        Box::pin(async move { self.0.send(message).await.map_err(|_| Closed) })
    }
}

impl Service<Request<RequestBody>> for Script {
    type Response = Response<Steps>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Steps>, Infallible>>;

    fn poll_ready(&mut self, _cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        let answer = self.answers.lock().unwrap().pop_front().unwrap_or_else(|| Answer::status(405));
        let seen = Seen {
            method: request.method().clone(),
            path: request.uri().to_string(),
            headers: request.headers().clone(),
        };
        self.seen.send_modify(|all| all.push(seen));
        ready(Ok(answer.response()))
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response<RequestBody> {
        self.response().map(RequestBody::new)
    }
}

pub(crate) struct Steps(VecDeque<Step>);

impl http_body::Body for Steps {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match self.0.pop_front() {
            Some(Step::Data(data)) => Poll::Ready(Some(Ok(Frame::data(data)))),
            Some(Step::Break) => Poll::Ready(Some(Err(io::ErrorKind::ConnectionReset.into()))),
            Some(Step::Hang) => {
                self.0.push_front(Step::Hang);
                Poll::Pending
            }
            Some(Step::Live(said)) => {
                let next = said.lock().unwrap().poll_recv(cx);
                if !matches!(next, Poll::Ready(None)) {
                    self.0.push_front(Step::Live(said));
                }
                next.map(|next| next.map(|data| Ok(Frame::data(data))))
            }
            None => Poll::Ready(None),
        }
    }
}
