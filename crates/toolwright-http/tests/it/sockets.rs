//! Real connections, which break.
use std::net::SocketAddr;

use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use tower_service::Service as _;

use crate::{
    double::Double,
    wire::{Wire, request},
};

/// Serves every connection to a port of its own.
async fn listen(wire: &Wire) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, service) = (listener.local_addr().unwrap(), wire.service());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service.clone();
            let service = service_fn(move |request| service.clone().call(request));
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    address
}

struct Client(TcpStream);

impl Client {
    async fn connect(address: SocketAddr) -> Self {
        Self(TcpStream::connect(address).await.unwrap())
    }

    async fn post(&mut self, message: Value) {
        let message = message.to_string();
        let head = format!(
            "POST /mcp HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            message.len()
        );
        self.0.write_all(format!("{head}{message}").as_bytes()).await.unwrap();
    }

    /// Reads until `end` has come.
    async fn until(&mut self, end: &str) -> String {
        let mut text = String::new();
        while !text.contains(end) {
            let mut buffer = [0; 1024];
            let count = self.0.read(&mut buffer).await.unwrap();
            assert_ne!(count, 0, "the connection ended after {text:?}");
            text.push_str(str::from_utf8(&buffer[..count]).unwrap());
        }
        text
    }
}

#[tokio::test]
async fn one_connection_serves_many_messages_in_either_form() {
    let mut client = Client::connect(listen(&Wire::new(&Double::default())).await).await;
    for _ in 0..3 {
        client.post(request("echo", json!({}))).await;
        let text = client.until("\"result\":{}}").await;
        assert!(text.starts_with("HTTP/1.1 200 OK\r\n") && text.contains("content-length: 36\r\n"), "{text}");
        client.post(request("tell", json!({ "count": 2 }))).await;
        let text = client.until("\r\n0\r\n\r\n").await;
        assert!(text.contains("content-type: text/event-stream\r\n"), "{text}");
        assert_eq!(text.matches("data: ").count(), 3);
    }
}

#[tokio::test]
async fn an_event_arrives_while_its_call_goes_on() {
    let double = Double::default();
    let mut client = Client::connect(listen(&Wire::new(&double)).await).await;
    client.post(request("told", json!({}))).await;
    client.until("\"number\":0}}\n\n").await;
    double.state.held(1).await;
    double.state.gate.send_replace(true);
    client.until("released").await;
}

#[tokio::test]
async fn a_stateless_client_that_hangs_up_cancels_its_call() {
    let double = Double::default();
    let address = listen(&Wire::with(&double, |http| http.max_requests(1))).await;
    for method in ["hold", "told", "hold"] {
        let mut client = Client::connect(address).await;
        client.post(request(method, json!({}))).await;
        double.state.held(1).await;
        if method == "told" {
            client.until("data: ").await;
        }
        drop(client);
        double.state.held(0).await;
    }
}

#[tokio::test]
async fn a_legacy_client_that_hangs_up_cancels_nothing() {
    let double = Double::default();
    let address = listen(&Wire::new(&double)).await;
    for (before, method) in ["hold", "told"].into_iter().enumerate() {
        let mut client = Client::connect(address).await;
        client.post(request(method, json!({ "legacy": true }))).await;
        double.state.held(before + 1).await;
    }
    let mut client = Client::connect(address).await;
    client.post(request("echo", json!({}))).await;
    client.until("\"result\":{}").await;
    assert_eq!(*double.state.held.borrow(), 2);
    double.state.gate.send_replace(true);
    double.state.held(0).await;
}
