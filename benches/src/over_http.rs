//! Requests over a connection, server and client on one thread, so that counts are the same each time.
use std::{
    io::{ErrorKind, Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

use tokio::{net::TcpListener, runtime::Runtime, task::yield_now};
use toolwright::prelude::*;

use crate::{
    bare,
    case::Served,
    fixture,
    limit::read_sum,
    message::{HANDSHAKE, Speech, add},
    post::post,
};

const TOOLS: usize = 100;

/// A request, the answer it always gets, and the connection for both.
pub(crate) struct OverHttp {
    runtime: Runtime,
    connection: Connection,
    request: Vec<u8>,
    expected: Answer,
}

impl OverHttp {
    pub(crate) fn open(served: Served, speech: Speech) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("the system gives a runtime what it needs");
        let (connection, request, expected) = runtime.block_on(async {
            let address = serve(served).await;
            let mut connection = Connection::open(address);
            let session = match speech {
                Speech::Modern => None,
                Speech::Legacy => connection.shake_hands(address).await,
            };
            let mirrored = match speech {
                Speech::Modern => "Mcp-Method: tools/call\r\nMcp-Name: add\r\n",
                Speech::Legacy => "",
            };
            let request = post(address, speech, session.as_deref(), mirrored, &add(speech, 1, 2, 3));
            let expected = connection.ask(&request).await;
            (connection, request, expected)
        });
        assert_eq!(read_sum(speech, &expected.body).expect("the answer can be read"), (1, 5));
        Self { runtime, connection, request, expected }
    }

    pub(crate) fn run(&mut self, times: usize) {
        let Self { runtime, connection, request, expected } = self;
        runtime.block_on(async {
            for _ in 0..times {
                connection.send(request);
                let answer = connection.read(expected.length).await;
                assert!(answer.ends_with(&expected.body), "the answer is always the same");
            }
        });
    }
}

/// Serves from now on, in a task.
async fn serve(served: Served) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("there is a free port");
    let address = listener.local_addr().expect("a listener has an address");
    match served {
        Served::Ours => drop(tokio::spawn(fixture::server(TOOLS).http().serve_listener(listener))),
        Served::Bare => drop(tokio::spawn(bare::serve(listener, TOOLS))),
    }
    address
}

/// The client's end. It knows nothing of the runtime but how to let the server go on, and so costs next to nothing.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

struct Answer {
    session: Option<String>,
    body: Vec<u8>,
    /// Of head and body.
    length: usize,
}

impl Connection {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nonblocking(true).expect("a socket need not block");
        Self { stream, buffer: vec![0; 1 << 16] }
    }

    /// Opens a session; its name, if there are any.
    async fn shake_hands(&mut self, address: SocketAddr) -> Option<String> {
        let [initialize, initialized] = HANDSHAKE;
        let opened = self.ask(&post(address, Speech::Legacy, None, "", initialize)).await;
        let session = opened.session;
        self.ask(&post(address, Speech::Legacy, session.as_deref(), "", initialized)).await;
        session
    }

    fn send(&mut self, request: &[u8]) {
        self.stream.write_all(request).expect("a request fits into the buffer of a socket");
    }

    /// The next `length` bytes.
    async fn read(&mut self, length: usize) -> &[u8] {
        let mut filled = 0;
        while filled < length {
            filled += self.more(filled).await;
        }
        assert_eq!(filled, length, "the answer always has the same length");
        &self.buffer[..filled]
    }

    /// Sends a request and takes its answer apart.
    async fn ask(&mut self, request: &[u8]) -> Answer {
        self.send(request);
        let mut filled = 0;
        loop {
            filled += self.more(filled).await;
            let mut headers = [httparse::EMPTY_HEADER; 32];
            let mut head = httparse::Response::new(&mut headers);
            let parsed = head.parse(&self.buffer[..filled]).expect("the head can be read");
            let httparse::Status::Complete(start) = parsed else { continue };
            assert!(matches!(head.code, Some(200 | 202)), "{:?}", head.code);
            let value = |name| {
                let header = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
                Some(String::from_utf8_lossy(header.value).into_owned())
            };
            let body: usize = value("content-length").map_or(0, |length| length.parse().expect("a number"));
            if filled >= start + body {
                assert_eq!(filled, start + body, "nothing follows the answer");
                let session = value("mcp-session-id");
                return Answer { session, body: self.buffer[start..filled].to_vec(), length: filled };
            }
        }
    }

    /// Reads on behind what there is, once there is more.
    async fn more(&mut self, filled: usize) -> usize {
        loop {
            match self.stream.read(&mut self.buffer[filled..]) {
                Ok(0) => panic!("the server closed the connection"),
                Ok(read) => return read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => yield_now().await,
                Err(error) => panic!("the connection broke: {error}"),
            }
        }
    }
}
