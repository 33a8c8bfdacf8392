//! A client over a real socket.
use std::net::SocketAddr;

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
};

/// One connection.
pub(crate) struct Socket(BufReader<TcpStream>);

/// The head of a response.
#[derive(Debug)]
pub(crate) struct Head {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
}

impl Head {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }
}

impl Socket {
    pub(crate) async fn open(address: SocketAddr) -> Self {
        Self(BufReader::new(TcpStream::connect(address).await.unwrap()))
    }

    /// Writes these bytes.
    pub(crate) async fn write(&mut self, bytes: &str) {
        self.0.write_all(bytes.as_bytes()).await.unwrap();
    }

    /// Sends a request without waiting for its answer.
    pub(crate) async fn send(&mut self, method: &str, path: &str, headers: &[(&str, &str)], body: &str) {
        let mut request = format!("{method} {path} HTTP/1.1\r\nhost: localhost\r\n");
        if !body.is_empty() {
            request += &format!("content-type: application/json\r\ncontent-length: {}\r\n", body.len());
        }
        for (name, value) in headers {
            request += &format!("{name}: {value}\r\n");
        }
        self.write(&format!("{request}\r\n{body}")).await;
    }

    /// Sends a message without waiting for its answer.
    pub(crate) async fn post(&mut self, message: &Value) {
        self.send("POST", "/mcp", &mirrored(message), &message.to_string()).await;
    }

    pub(crate) async fn get(&mut self, path: &str) -> (StatusCode, String) {
        self.send("GET", path, &[], "").await;
        self.response().await
    }

    /// Sends a message and reads its answer, which is one JSON body.
    pub(crate) async fn call(&mut self, message: &Value) -> Value {
        self.post(message).await;
        let (status, body) = self.response().await;
        assert_eq!(status, StatusCode::OK, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    /// The head of the next response.
    pub(crate) async fn head(&mut self) -> Head {
        let line = self.line().await;
        let status = line.split(' ').nth(1).unwrap_or_else(|| panic!("{line:?}")).parse().unwrap();
        let mut headers = HeaderMap::new();
        loop {
            let line = self.line().await;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            headers.append(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_str(value).unwrap(),
            );
        }
        Head { status, headers }
    }

    /// The next response, with its whole body.
    pub(crate) async fn response(&mut self) -> (StatusCode, String) {
        let head = self.head().await;
        let body = self.body(&head).await;
        (head.status, body)
    }

    /// The body that follows this head.
    pub(crate) async fn body(&mut self, head: &Head) -> String {
        let mut body = String::new();
        if let Some(length) = head.header("content-length") {
            let mut bytes = vec![0; length.parse().unwrap()];
            self.0.read_exact(&mut bytes).await.unwrap();
            return String::from_utf8(bytes).unwrap();
        }
        while let Some(chunk) = self.chunk().await {
            body += &chunk;
        }
        body
    }

    /// The next piece of a body without a length; `None` at its end.
    pub(crate) async fn chunk(&mut self) -> Option<String> {
        let length = usize::from_str_radix(self.line().await.trim_end(), 16).unwrap();
        let mut bytes = vec![0; length + 2];
        self.0.read_exact(&mut bytes).await.unwrap();
        bytes.truncate(length);
        (length > 0).then(|| String::from_utf8(bytes).unwrap())
    }

    /// Whether the server has closed the connection and sent nothing more.
    pub(crate) async fn is_closed(&mut self) -> bool {
        matches!(self.0.fill_buf().await, Ok([]) | Err(_))
    }

    /// Reads what still comes, until the other side closes: who gives calls up may tell their clients before.
    pub(crate) async fn until_closed(&mut self) {
        while !self.is_closed().await {
            let came = self.0.buffer().len();
            self.0.consume(came);
        }
    }

    async fn line(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).await.unwrap();
        line
    }
}

/// A request of the stateless revision.
pub(crate) fn modern(id: u64, method: &str, params: Value) -> Value {
    let mut params = params;
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
}

/// A call of a tool without arguments.
pub(crate) fn call(id: u64, tool: &str) -> Value {
    modern(id, "tools/call", json!({ "name": tool }))
}

/// The text that a tool answered.
pub(crate) fn text(answer: &Value) -> &str {
    answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"))
}

/// The headers that go with a message.
fn mirrored(message: &Value) -> Vec<(&'static str, &str)> {
    let mut headers = vec![("accept", "application/json, text/event-stream")];
    if message["params"]["_meta"].is_object() {
        headers.push(("mcp-protocol-version", "2026-07-28"));
        headers.extend(message["method"].as_str().map(|method| ("mcp-method", method)));
        headers.extend(message["params"]["name"].as_str().map(|name| ("mcp-name", name)));
    }
    headers
}
