//! Requests and responses without a socket.
use std::{future::poll_fn, pin::Pin, sync::Arc};

use axum::body::Body as RequestBody;
use http::{
    HeaderMap, Request, Response, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, HOST},
};
use http_body::Body as _;
use serde_json::{Value, json};
use toolwright_http::{Body, HttpServer, HttpService};
use tower_service::Service as _;

use crate::double::Double;

pub(crate) struct Wire {
    service: HttpService,
}

impl Wire {
    pub(crate) fn new(double: &Double) -> Self {
        Self::with(double, |http| http)
    }

    pub(crate) fn with(double: &Double, configure: impl FnOnce(HttpServer) -> HttpServer) -> Self {
        Self { service: configure(HttpServer::new(Arc::new(double.clone()))).service() }
    }

    pub(crate) fn serving(http: HttpServer) -> Self {
        Self { service: http.service() }
    }

    pub(crate) fn service(&self) -> HttpService {
        self.service.clone()
    }

    pub(crate) async fn send(&self, request: Request<RequestBody>) -> Reply {
        let mut service = self.service.clone();
        let response = service.call(request).await.unwrap();
        Reply(response)
    }

    pub(crate) async fn post(&self, message: Value) -> Reply {
        self.send(post(message)).await
    }

    /// Calls a method; the id of the request is 1.
    pub(crate) async fn call(&self, method: &str, params: Value) -> Reply {
        self.post(request(method, params)).await
    }

    pub(crate) async fn works(&self) {
        assert_eq!(self.call("echo", json!({})).await.result().await, json!({}));
    }

    /// Opens a session.
    pub(crate) async fn initialize(&self, revision: &str) -> String {
        let reply = self.call("initialize", json!({ "legacy": true, "protocolVersion": revision })).await;
        assert_eq!(reply.status(), StatusCode::OK);
        reply.header("mcp-session-id").unwrap()
    }

    pub(crate) async fn call_in(&self, session: &str, method: &str, params: Value) -> Reply {
        self.send(in_session(session, request(method, params))).await
    }
}

pub(crate) fn request(method: &str, params: Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
}

pub(crate) fn post(message: Value) -> Request<RequestBody> {
    raw(message.to_string())
}

pub(crate) fn raw(body: impl Into<RequestBody>) -> Request<RequestBody> {
    Request::post("/mcp")
        .header(HOST, "localhost")
        .header(CONTENT_TYPE, "application/json")
        .header(ACCEPT, "application/json, text/event-stream")
        .body(body.into())
        .unwrap()
}

pub(crate) fn in_session(session: &str, message: Value) -> Request<RequestBody> {
    let mut request = post(message);
    request.headers_mut().insert("mcp-session-id", session.parse().unwrap());
    request
}

pub(crate) struct Reply(Response<Body>);

impl Reply {
    pub(crate) fn status(&self) -> StatusCode {
        self.0.status()
    }

    pub(crate) fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    pub(crate) fn header(&self, name: &str) -> Option<String> {
        self.headers().get(name).map(|value| value.to_str().unwrap().to_owned())
    }

    pub(crate) fn is_stream(&self) -> bool {
        self.header("content-type").as_deref() == Some("text/event-stream")
    }

    /// The length that is announced.
    pub(crate) fn length(&self) -> Option<u64> {
        self.0.body().size_hint().exact()
    }

    /// The next piece of the body.
    pub(crate) async fn next(&mut self) -> Option<String> {
        let frame = poll_fn(|context| Pin::new(self.0.body_mut()).poll_frame(context)).await?;
        Some(String::from_utf8(frame.unwrap().into_data().unwrap().into()).unwrap())
    }

    /// The data of the next event.
    pub(crate) async fn event(&mut self) -> Option<Value> {
        let event = self.next().await?;
        let data = event.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
        Some(serde_json::from_str(data).unwrap())
    }

    /// All events to the end, those without data left out.
    pub(crate) async fn events(mut self) -> Vec<Value> {
        assert!(self.is_stream());
        let mut events = Vec::new();
        while let Some(event) = self.next().await {
            assert!(event.ends_with("\n\n"), "an event is one piece: {event:?}");
            let data = event.lines().find_map(|line| line.strip_prefix("data: ")).unwrap_or_default();
            events.extend(serde_json::from_str::<Value>(data));
        }
        events
    }

    /// The one JSON body; `null` if there is none.
    pub(crate) async fn json(mut self) -> Value {
        let length = self.length().unwrap();
        let text = self.next().await.unwrap_or_default();
        assert_eq!(text.len() as u64, length);
        assert_eq!(self.next().await, None);
        if text.is_empty() {
            return Value::Null;
        }
        assert_eq!(self.header("content-type").unwrap(), "application/json");
        serde_json::from_str(&text).unwrap()
    }

    /// The result in the one JSON body.
    pub(crate) async fn result(self) -> Value {
        assert_eq!(self.status(), StatusCode::OK);
        self.json().await["result"].take()
    }

    /// The status, and the text of an error without an id.
    pub(crate) async fn refusal(self) -> (StatusCode, String) {
        let status = self.status();
        let body = self.json().await;
        assert_eq!(body.as_object().unwrap().keys().collect::<Vec<_>>(), ["jsonrpc", "error"]);
        (status, body["error"]["message"].as_str().unwrap().to_owned())
    }
}
