use std::{error::Error, net::SocketAddr, str};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use toolwright_benches::{
    message::{HANDSHAKE, Speech},
    post::{head, post},
};

use super::digits::find;

/// A connection that is kept alive, with one request at a time.
#[derive(Debug)]
pub(super) struct Connection {
    address: SocketAddr,
    stream: TcpStream,
    input: Vec<u8>,
    filled: usize,
    /// What came in chunks, put together.
    joined: Vec<u8>,
}

/// An answer, still in the connection's buffer.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    pub(super) status: u16,
    pub(super) session: Option<String>,
    pub(super) message: &'a [u8],
}

#[derive(Debug)]
struct Head {
    status: u16,
    length: usize,
    body: Body,
    events: bool,
    session: Option<String>,
}

#[derive(Clone, Copy, Debug)]
enum Body {
    Counted(usize),
    Chunked,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> Result<Self, Box<dyn Error>> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { address, stream, input: vec![0; 16 << 10], filled: 0, joined: Vec::new() })
    }

    /// Opens a legacy session. Its id.
    pub(super) async fn shake_hands(&mut self) -> Result<Option<String>, Box<dyn Error>> {
        let [initialize, initialized] = HANDSHAKE;
        let answer = self.exchange(&post(self.address, Speech::Legacy, None, "", initialize)).await?;
        if answer.status != 200 || find(answer.message, b"2025-11-25", 0).is_none() {
            let message = String::from_utf8_lossy(answer.message);
            return Err(format!("no session: status {}, {message}", answer.status).into());
        }
        let session = answer.session;
        let said = post(self.address, Speech::Legacy, session.as_deref(), "", initialized);
        let answer = self.exchange(&said).await?;
        if !matches!(answer.status, 200 | 202 | 204) {
            return Err(format!("notifications/initialized was answered with {}", answer.status).into());
        }
        Ok(session)
    }

    /// Ends a session. The status.
    pub(super) async fn delete(&mut self, session: &str) -> Result<u16, Box<dyn Error>> {
        let request = head("DELETE", self.address, Speech::Legacy, Some(session)) + "\r\n";
        Ok(self.exchange(request.as_bytes()).await?.status)
    }

    /// Sends a request and waits for all of its answer.
    pub(super) async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>, Box<dyn Error>> {
        self.filled = 0;
        self.stream.write_all(request).await?;
        let Head { status, length, body, events, session } = self.head().await?;
        let whole = match body {
            Body::Counted(size) => {
                self.fill_to(length + size).await?;
                &self.input[length..length + size]
            }
            Body::Chunked => {
                self.join_chunks(length).await?;
                &self.joined
            }
        };
        Ok(Answer { status, session, message: if events { last_event(whole) } else { whole } })
    }

    /// Sends a request whose answer is a stream, and waits for its first bytes. The status.
    pub(super) async fn begin(&mut self, request: &[u8], some_body: bool) -> Result<u16, Box<dyn Error>> {
        self.filled = 0;
        self.stream.write_all(request).await?;
        let head = self.head().await?;
        if some_body && head.status == 200 {
            self.fill_to(head.length + 1).await?;
        }
        Ok(head.status)
    }

    async fn head(&mut self) -> Result<Head, Box<dyn Error>> {
        loop {
            if let Some(head) = parse(&self.input[..self.filled])? {
                return Ok(head);
            }
            self.fill().await?;
        }
    }

    async fn join_chunks(&mut self, mut at: usize) -> Result<(), Box<dyn Error>> {
        self.joined.clear();
        loop {
            let end = loop {
                match find(&self.input[..self.filled], b"\r\n", at) {
                    Some(end) => break end,
                    None => self.fill().await?,
                }
            };
            let size = str::from_utf8(&self.input[at..end])?.split(';').next().unwrap_or_default().trim();
            let size = usize::from_str_radix(size, 16)?;
            at = end + 2;
            self.fill_to(at + size + 2).await?;
            self.joined.extend_from_slice(&self.input[at..at + size]);
            at += size + 2;
            if size == 0 {
                return Ok(());
            }
        }
    }

    async fn fill_to(&mut self, size: usize) -> Result<(), Box<dyn Error>> {
        if self.input.len() < size {
            self.input.resize(size + (16 << 10), 0);
        }
        while self.filled < size {
            self.fill().await?;
        }
        Ok(())
    }

    async fn fill(&mut self) -> Result<(), Box<dyn Error>> {
        if self.filled == self.input.len() {
            self.input.resize(2 * self.filled, 0);
        }
        match self.stream.read(&mut self.input[self.filled..]).await? {
            0 => Err("the server closed the connection".into()),
            read => {
                self.filled += read;
                Ok(())
            }
        }
    }
}

fn parse(input: &[u8]) -> Result<Option<Head>, Box<dyn Error>> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(length) = response.parse(input)? else { return Ok(None) };
    let mut head = Head {
        status: response.code.unwrap_or(0),
        length,
        body: Body::Counted(0),
        events: false,
        session: None,
    };
    for header in response.headers {
        let is = |name: &str| header.name.eq_ignore_ascii_case(name);
        if is("content-length") {
            head.body = Body::Counted(str::from_utf8(header.value)?.trim().parse()?);
        } else if is("transfer-encoding") {
            head.body = Body::Chunked;
        } else if is("content-type") {
            head.events = header.value.starts_with(b"text/event-stream");
        } else if is("mcp-session-id") {
            head.session = Some(str::from_utf8(header.value)?.to_owned());
        }
    }
    Ok(Some(head))
}

/// The data of the last event, which is one line of JSON.
fn last_event(events: &[u8]) -> &[u8] {
    let lines = events.split(|byte| *byte == b'\n').rev();
    let mut data = lines.filter_map(|line| line.strip_prefix(b"data:")).map(<[u8]>::trim_ascii);
    data.find(|data| !data.is_empty()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_the_last_event() {
        let events = b"id: 0\r\ndata: \r\n\r\nid: 1\r\ndata: {\"id\":1}\r\n\r\n";
        assert_eq!(last_event(events), br#"{"id":1}"#);
    }

    #[test]
    fn a_head_says_how_the_body_is_framed() {
        let head =
            parse(b"HTTP/1.1 200 OK\r\ncontent-length: 12\r\nMcp-Session-Id: s\r\n\r\n").unwrap().unwrap();
        assert!(matches!(head.body, Body::Counted(12)));
        assert_eq!(head.session.as_deref(), Some("s"));
        let head = parse(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").unwrap().unwrap();
        assert!(matches!(head.body, Body::Chunked));
        assert!(parse(b"HTTP/1.1 200 OK\r\n").unwrap().is_none());
    }
}
