//! HTTP written by hand, so that it can be wrong.
use std::{
    io,
    sync::{Arc, Mutex},
};

use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc},
    task::{AbortHandle, yield_now},
};
use toolwright::client::Http;

use super::{
    place::{Framing, Head, Reaction, Step},
    server::{self, Reply},
};

/// A server behind a port of its own.
#[derive(Clone)]
pub(super) struct Peer {
    framing: Framing,
    session: bool,
    silent: Arc<Notify>,
    /// The stream of the pair.
    stream: Arc<Mutex<Option<mpsc::UnboundedSender<Vec<Step>>>>>,
}

/// Ends the server.
pub(super) struct Listening(AbortHandle);

impl Drop for Listening {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Peer {
    /// Each connection holds on to `open`.
    pub(super) async fn start(
        framing: Framing,
        session: bool,
        open: &Arc<()>,
        silent: &Arc<Notify>,
    ) -> (Listening, Http) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let http = Http::new(format!("http://{}/mcp", listener.local_addr().unwrap()));
        let peer = Self { framing, session, silent: silent.clone(), stream: Arc::default() };
        let open = open.clone();
        let listening = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                stream.set_nodelay(true).unwrap();
                let (peer, open) = (peer.clone(), open.clone());
                tokio::spawn(async move {
                    Connection { stream, peer, faulty: false }.serve().await;
                    drop(open);
                });
            }
        });
        (Listening(listening.abort_handle()), http)
    }

    /// What the stream of the pair brings from now on.
    fn tell(&self, steps: Vec<Step>) {
        if let Some(stream) = &*self.stream.lock().unwrap() {
            // Whoever reads it may be gone.
            let _ = stream.send(steps);
        }
    }
}

struct Connection {
    stream: TcpStream,
    peer: Peer,
    /// It carries the fault.
    faulty: bool,
}

struct Request {
    method: String,
    path: String,
    after: Option<String>,
    body: Vec<u8>,
}

/// What becomes of the connection.
#[derive(PartialEq)]
enum Then {
    Next,
    Over,
}

impl Connection {
    async fn serve(mut self) {
        let mut read = Vec::new();
        while let Ok(Some(request)) = self.request(&mut read).await {
            if !matches!(self.answer(request).await, Ok(Then::Next)) {
                return;
            }
        }
    }

    async fn request(&mut self, read: &mut Vec<u8>) -> io::Result<Option<Request>> {
        loop {
            if let Some(end) = read.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                let head = str::from_utf8(&read[..end]).unwrap().to_owned();
                let header = |name: &str| {
                    head.lines()
                        .find_map(|line| Some(line.strip_prefix(name)?.strip_prefix(": ")?.to_owned()))
                };
                let length = header("content-length").map_or(0, |length| length.parse().unwrap());
                if read.len() >= end + 4 + length {
                    let body = read[end + 4..end + 4 + length].to_vec();
                    read.drain(..end + 4 + length);
                    let mut words = head.split(' ').map(str::to_owned);
                    let (method, path) = (words.next().unwrap(), words.next().unwrap());
                    return Ok(Some(Request { method, path, after: header("last-event-id"), body }));
                }
            }
            if self.stream.read_buf(read).await? == 0 {
                return Ok(None);
            }
        }
    }

    async fn answer(&mut self, request: Request) -> io::Result<Then> {
        let pair = self.peer.framing == Framing::Pair;
        match (request.method.as_str(), request.path.as_str()) {
            ("GET", "/mcp") if pair => self.pair().await,
            ("GET", "/mcp") if self.peer.session => {
                self.perform(&server::stream(request.after.as_deref()), "").await
            }
            ("POST", path) if !pair || path == "/messages" => {
                let message: Value = serde_json::from_slice(&request.body).unwrap();
                let session = self.peer.session && message["method"] == "initialize";
                let extra = if session { "mcp-session-id: s-1\r\n" } else { "" };
                match server::reply(&message, self.peer.framing, true) {
                    Reply::Accepted => self.perform(&server::accepted(), "").await,
                    Reply::Message(message) if pair => {
                        let then = self.perform(&server::accepted(), "").await;
                        self.peer.tell(server::told(&message, self.peer.framing).steps);
                        then
                    }
                    Reply::Message(message) => {
                        self.perform(&server::told(&message, self.peer.framing), extra).await
                    }
                    Reply::Fault(Reaction { head: Head::Usual, steps }) if pair => {
                        let then = self.perform(&server::accepted(), "").await;
                        self.peer.tell(steps);
                        self.peer.tell(server::told(&server::over(), self.peer.framing).steps);
                        then
                    }
                    Reply::Fault(reaction) => {
                        self.faulty = true;
                        let then = self.perform(&reaction, "").await;
                        // Here or on another stream, nothing more comes.
                        self.peer.silent.notify_one();
                        then
                    }
                }
            }
            ("DELETE", _) => self.perform(&server::accepted(), "").await,
            _ => {
                let refusal = Reaction { head: Head::Status(405, Vec::new()), steps: Vec::new() };
                self.perform(&refusal, "").await
            }
        }
    }

    /// Writes a response.
    async fn perform(&mut self, reaction: &Reaction, extra: &str) -> io::Result<Then> {
        let head = server::head(&reaction.head, self.peer.framing);
        let bodiless = matches!(head, Some((204 | 304, _)));
        let chunked = head.is_some() && !bodiless;
        if let Some((status, headers)) = head {
            let mut text = format!("HTTP/1.1 {status} Whatever\r\n{extra}");
            for (name, value) in headers {
                text += &format!("{name}: {value}\r\n");
            }
            text += if chunked { "transfer-encoding: chunked\r\n\r\n" } else { "\r\n" };
            self.stream.write_all(text.as_bytes()).await?;
        }
        for step in &reaction.steps {
            if self.step(step, chunked).await? == Then::Over {
                return Ok(Then::Over);
            }
        }
        if chunked {
            self.stream.write_all(b"0\r\n\r\n").await?;
        }
        Ok(Then::Next)
    }

    async fn step(&mut self, step: &Step, chunked: bool) -> io::Result<Then> {
        match step {
            Step::Data(data) if data.is_empty() => {}
            Step::Data(data) if chunked => {
                let mut chunk = format!("{:x}\r\n", data.len()).into_bytes();
                chunk.extend_from_slice(data);
                chunk.extend_from_slice(b"\r\n");
                self.stream.write_all(&chunk).await?;
                // Let the client read it by itself.
                yield_now().await;
            }
            Step::Data(data) => self.stream.write_all(data).await?,
            Step::Close => return Ok(Then::Over),
            Step::Kill => {
                self.stream.set_zero_linger()?;
                return Ok(Then::Over);
            }
            Step::Silence => {
                if self.faulty {
                    self.peer.silent.notify_one();
                }
                // Until the client goes.
                while self.stream.read(&mut [0; 1024]).await? != 0 {}
                return Ok(Then::Over);
            }
        }
        Ok(Then::Next)
    }

    /// The one stream of the pair.
    async fn pair(&mut self) -> io::Result<Then> {
        let (sender, mut told) = mpsc::unbounded_channel();
        *self.peer.stream.lock().unwrap() = Some(sender);
        let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
        self.stream.write_all(head.as_bytes()).await?;
        self.step(&Step::Data(b"event: endpoint\ndata: /messages\n\n".to_vec()), true).await?;
        let mut ended = true;
        loop {
            let mut byte = [0];
            let steps = tokio::select! {
                biased;
                _ = self.stream.read(&mut byte) => return Ok(Then::Over),
                steps = told.recv() => steps.unwrap_or_default(),
            };
            for step in steps {
                match &step {
                    Step::Silence => {
                        self.peer.silent.notify_one();
                        continue;
                    }
                    Step::Data(data) if !data.is_empty() => {
                        // What was left unfinished is not continued by something else.
                        if !ended && data.starts_with(b"data: ") {
                            self.step(&Step::Data(b"\n\n".to_vec()), true).await?;
                        }
                        ended = data.ends_with(b"\n\n");
                    }
                    _ => {}
                }
                if self.step(&step, true).await? == Then::Over {
                    return Ok(Then::Over);
                }
            }
        }
    }
}
