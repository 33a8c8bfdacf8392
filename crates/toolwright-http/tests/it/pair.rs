//! The two endpoints of 2024-11-05.
use std::{future::poll_fn, pin::Pin, sync::Arc, task::Poll};

use axum::{Router, body::Body};
use http::{
    HeaderValue, Method, Request, Response, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, HOST},
};
use http_body::Body as _;
use serde_json::{Value, json};
use toolwright_core::joint::{Limits, Principal};
use toolwright_http::{HttpServer, SessionMode};
use tower_service::Service as _;

use crate::{double::Double, wire::request};

struct Pair(Router);

impl Pair {
    fn new(double: &Double) -> Self {
        Self::with(double, |http| http)
    }

    fn with(double: &Double, configure: impl FnOnce(HttpServer) -> HttpServer) -> Self {
        let http = configure(HttpServer::new(Arc::new(double.clone())));
        Self(http.sse_pair("/v1/sse", "/v1/messages").router("/mcp"))
    }

    async fn send(&self, mut request: Request<Body>) -> Response<Body> {
        request.headers_mut().insert(HOST, HeaderValue::from_static("localhost"));
        self.0.clone().call(request).await.unwrap()
    }

    async fn open(&self) -> Client<'_> {
        self.open_by(None).await
    }

    async fn open_by(&self, caller: Option<Principal>) -> Client<'_> {
        let mut request = get("text/event-stream");
        if let Some(caller) = caller {
            request.extensions_mut().insert(caller);
        }
        let response = self.send(request).await;
        assert_eq!(response.status(), StatusCode::OK);
        assert_eq!(response.headers()[CONTENT_TYPE], "text/event-stream");
        let mut stream = response.into_body();
        let first = next(&mut stream).await.unwrap();
        let address = first.strip_prefix("event: endpoint\ndata: ").unwrap().strip_suffix("\n\n").unwrap();
        // Relative to `/v1/sse`.
        Client { pair: self, stream, address: format!("/v1/{address}") }
    }
}

struct Client<'a> {
    pair: &'a Pair,
    stream: Body,
    address: String,
}

impl Client<'_> {
    async fn say(&self, message: Value) -> StatusCode {
        self.pair.send(post(&self.address, message)).await.status()
    }

    async fn call(&self, method: &str, params: Value) {
        assert_eq!(self.say(request(method, params)).await, StatusCode::ACCEPTED);
    }

    async fn event(&mut self) -> Value {
        let event = next(&mut self.stream).await.unwrap();
        serde_json::from_str(event.strip_prefix("data: ").unwrap()).unwrap()
    }
}

fn get(accept: &str) -> Request<Body> {
    Request::get("/v1/sse").header(ACCEPT, accept).body(Body::empty()).unwrap()
}

fn post(address: &str, message: Value) -> Request<Body> {
    let request = Request::post(address).header(CONTENT_TYPE, "application/json");
    request.body(Body::from(message.to_string())).unwrap()
}

async fn next(stream: &mut Body) -> Option<String> {
    let frame = poll_fn(|context| Pin::new(&mut *stream).poll_frame(context)).await?;
    Some(String::from_utf8(frame.unwrap().into_data().unwrap().into()).unwrap())
}

async fn is_silent(stream: &mut Body) -> bool {
    poll_fn(|context| Poll::Ready(Pin::new(&mut *stream).poll_frame(context).is_pending())).await
}

fn legacy() -> Value {
    json!({ "legacy": true })
}

#[tokio::test]
async fn the_stream_begins_with_the_address_for_messages_and_carries_all_answers() {
    let pair = Pair::new(&Double::default());
    let mut client = pair.open().await;
    let session = client.address.strip_prefix("/v1/messages?sessionId=").unwrap();
    assert!(session.len() >= 32);
    client.call("initialize", json!({ "legacy": true, "protocolVersion": "2024-11-05" })).await;
    assert_eq!(client.event().await["id"], 1);
    let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized", "params": legacy() });
    assert_eq!(client.say(initialized).await, StatusCode::ACCEPTED);
    client.call("tell", json!({ "legacy": true, "count": 2 })).await;
    for number in 0..2 {
        assert_eq!(client.event().await["params"]["number"], number);
    }
    assert_eq!(client.event().await["result"], "all told");
    client.call("say", json!({ "legacy": true, "count": 7 })).await;
    assert_eq!(client.event().await["params"]["number"], 7, "what belongs to no request comes the same way");
    assert_eq!(client.event().await["result"], "said");
    assert!(is_silent(&mut client.stream).await);
}

#[tokio::test]
async fn a_call_that_takes_its_time_holds_up_neither_its_message_nor_others() {
    let double = Double::default();
    let pair = Pair::new(&double);
    let mut client = pair.open().await;
    client.call("hold", legacy()).await;
    double.state.held(1).await;
    client.call("echo", legacy()).await;
    assert_eq!(client.event().await["result"], legacy());
    double.state.gate.send_replace(true);
    assert_eq!(client.event().await["result"], "released");
}

#[tokio::test]
async fn the_session_ends_with_its_stream() {
    let double = Double::default();
    let pair = Pair::new(&double);
    let client = pair.open().await;
    client.call("hold", legacy()).await;
    double.state.held(1).await;
    let address = client.address.clone();
    drop(client);
    double.state.held(0).await;
    let response = pair.send(post(&address, request("echo", legacy()))).await;
    assert_eq!(response.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_two_transports_do_not_know_each_others_sessions() {
    let pair = Pair::new(&Double::default());
    let mut client = pair.open().await;
    let session = client.address.split('=').next_back().unwrap().to_owned();
    let mut request = post("/mcp", request("echo", legacy()));
    request.headers_mut().insert("mcp-session-id", session.parse().unwrap());
    assert_eq!(pair.send(request).await.status(), StatusCode::NOT_FOUND);
    client.call("echo", legacy()).await;
    assert_eq!(client.event().await["id"], 1);
}

#[tokio::test]
async fn a_stateless_request_is_told_where_it_belongs() {
    let pair = Pair::new(&Double::default());
    let mut client = pair.open().await;
    client.call("echo", json!({})).await;
    let answer = client.event().await;
    assert_eq!(answer["id"], 1);
    assert!(answer["error"]["message"].as_str().unwrap().contains("POST to the MCP endpoint"), "{answer}");
}

#[tokio::test]
async fn messages_need_a_session_of_their_caller_and_json() {
    let pair = Pair::new(&Double::default());
    let client = pair.open_by(Some(Principal::new("ada"))).await;
    assert_eq!(client.say(request("echo", legacy())).await, StatusCode::NOT_FOUND, "nobody else knows it");
    let mut own = post(&client.address, request("echo", legacy()));
    own.extensions_mut().insert(Principal::new("ada"));
    assert_eq!(pair.send(own).await.status(), StatusCode::ACCEPTED);
    for (address, status) in [
        ("/v1/messages", StatusCode::BAD_REQUEST),
        ("/v1/messages?sessionId=", StatusCode::NOT_FOUND),
        ("/v1/messages?sessionId=0123", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(pair.send(post(address, request("echo", legacy()))).await.status(), status, "{address}");
    }
    let mut text = post(&client.address, request("echo", legacy()));
    text.headers_mut().insert(CONTENT_TYPE, "text/plain".parse().unwrap());
    assert_eq!(pair.send(text).await.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
}

#[tokio::test]
async fn each_of_the_two_has_one_method() {
    let pair = Pair::with(&Double::default(), |http| http.sessions(SessionMode::Off));
    for (method, address, allow) in [
        (Method::POST, "/v1/sse", "GET"),
        (Method::DELETE, "/v1/sse", "GET"),
        (Method::GET, "/v1/messages", "POST"),
    ] {
        let request = Request::builder().method(method).uri(address).body(Body::empty()).unwrap();
        let response = pair.send(request).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(response.headers()["allow"], allow);
    }
    assert_eq!(pair.send(get("application/json")).await.status(), StatusCode::NOT_ACCEPTABLE);
    let mut client = pair.open().await;
    client.call("echo", legacy()).await;
    assert_eq!(client.event().await["id"], 1, "the pair is a choice of its own");
}

#[tokio::test]
async fn sessions_and_calls_of_the_pair_are_bounded_as_all_others_are() {
    let double = Double::new(Limits::default().in_flight(1));
    let pair = Pair::with(&double, |http| http.max_sessions(2).max_requests(1));
    let (first, second) = (pair.open().await, pair.open().await);
    assert_eq!(pair.send(get("text/event-stream")).await.status(), StatusCode::SERVICE_UNAVAILABLE);
    first.call("hold", legacy()).await;
    assert_eq!(first.say(request("echo", legacy())).await, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(second.say(request("echo", legacy())).await, StatusCode::SERVICE_UNAVAILABLE);
    double.state.gate.send_replace(true);
    double.state.held(0).await;
    tokio::task::yield_now().await;
    drop(first);
    second.call("echo", legacy()).await;
    pair.open().await;
}
