//! Real connections, which break.
use std::net::SocketAddr;

use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};
use toolwright_client::Client;
use toolwright_core::{era::Revision, joint::LinkError};
use toolwright_http::client::Http;

use super::script::{RESULT, call, connect};

async fn listen() -> (TcpListener, Http) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let http = Http::new(format!("http://{}/mcp", listener.local_addr().unwrap()));
    (listener, http)
}

/// Reads one request whole.
pub(super) async fn request(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut text = String::new();
    loop {
        let mut buffer = [0; 4096];
        let count = stream.read(&mut buffer).await.unwrap();
        assert_ne!(count, 0, "the connection ended after {text:?}");
        text.push_str(str::from_utf8(&buffer[..count]).unwrap());
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        if body.len() == length.map_or(0, |length| length.parse().unwrap()) {
            return text;
        }
    }
}

fn json(body: &str, length: usize) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
}

pub(super) fn done() -> String {
    json(RESULT, RESULT.len())
}

#[tokio::test]
async fn a_connection_is_used_again_after_either_form_of_answer() {
    let (listener, http) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        for number in 0..4 {
            let text = request(&mut stream).await;
            assert!(text.starts_with("POST /mcp HTTP/1.1\r\n"), "{text}");
            let event = format!("data: {RESULT}\n\n");
            let answer = if number % 2 == 0 {
                done()
            } else {
                format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n{:x}\r\n{event}\r\n0\r\n\r\n",
                    event.len()
                )
            };
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let (link, _inbox) = connect(http).await;
    for _ in 0..4 {
        assert_eq!(link.exchange(call("tools/call")).await.unwrap().body.unwrap(), RESULT);
    }
    server.await.unwrap();
}

#[tokio::test]
async fn a_connection_that_the_server_closed_while_it_was_idle_is_replaced() {
    let (listener, http) = listen().await;
    let (closed, mut is_closed) = tokio::sync::mpsc::channel(1);
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            request(&mut stream).await;
            stream.write_all(done().as_bytes()).await.unwrap();
            drop(stream);
            closed.send(()).await.unwrap();
        }
    });
    let (link, _inbox) = connect(http).await;
    for _ in 0..5 {
        link.exchange(call("tools/call")).await.unwrap();
        is_closed.recv().await.unwrap();
    }
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_a_lost_connection() {
    for answer in ["", "HTTP/1.1 200 OK\r\ncontent-ty", &json(RESULT, RESULT.len() + 10), &json("", 10)] {
        let (listener, http) = listen().await;
        let answer = answer.to_owned();
        tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            request(&mut stream).await;
            stream.write_all(answer.as_bytes()).await.unwrap();
        });
        let (link, _inbox) = connect(http).await;
        let error = link.exchange(call("tools/call")).await.unwrap_err();
        assert!(matches!(error, LinkError::Closed), "{error}");
    }
}

#[tokio::test]
async fn what_is_not_http_says_so() {
    let (listener, http) = listen().await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        request(&mut stream).await;
        stream.write_all(b"SSH-2.0-server\r\n\r\n").await.unwrap();
    });
    let (link, _inbox) = connect(http).await;
    let error = link.exchange(call("tools/call")).await.unwrap_err();
    assert!(error.to_string().contains("not HTTP/1.1"), "{error}");
}

#[tokio::test]
async fn a_request_that_is_given_up_closes_its_connection() {
    let (listener, http) = listen().await;
    let (link, _inbox) = connect(http).await;
    let exchange = tokio::spawn(link.exchange(call("tools/call")));
    let (mut stream, _) = listener.accept().await.unwrap();
    request(&mut stream).await;
    exchange.abort();
    assert_eq!(stream.read(&mut [0; 1]).await.unwrap(), 0);
}

#[tokio::test]
async fn an_answer_on_another_connection_ends_the_request_and_its_own() {
    let (listener, http) = listen().await;
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        request(&mut stream).await;
        let opened = json(RESULT, RESULT.len()).replace("\r\n\r\n", "\r\nmcp-session-id: abc-1\r\n\r\n");
        stream.write_all(opened.as_bytes()).await.unwrap();
        let text = request(&mut stream).await;
        assert!(text.starts_with("GET /mcp HTTP/1.1\r\n"), "{text}");
        stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n").await.unwrap();
        let (mut posted, _) = listener.accept().await.unwrap();
        let text = request(&mut posted).await;
        assert!(text.starts_with("POST /mcp HTTP/1.1\r\n"), "{text}");
        // The response to that does not even begin.
        stream.write_all(format!("data: {RESULT}\n\n").as_bytes()).await.unwrap();
        assert_eq!(posted.read(&mut [0; 1]).await.unwrap(), 0);
        stream
    });
    let (link, inbox) = connect(http).await;
    link.exchange(call("initialize")).await.unwrap();
    link.settled(Revision::V2025_11_25);
    assert_eq!(link.exchange(call("tools/call")).await.unwrap().body.unwrap(), RESULT);
    server.await.unwrap();
    assert!(inbox.is_empty());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let (listener, _) = listen().await;
    let address: SocketAddr = listener.local_addr().unwrap();
    drop(listener);
    let error = Client::connect(Http::new(format!("http://{address}/mcp"))).await.err().unwrap().to_string();
    assert!(error.contains(&format!("http://{address}/mcp")) && error.contains("refused"), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_fails_the_handshake_readably() {
    let (listener, _) = listen().await;
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
    });
    let error = Client::connect(Http::new(format!("https://{address}/mcp"))).await.err().unwrap().to_string();
    assert!(error.contains("TLS") || error.contains("certificate authorities"), "{error}");
}
