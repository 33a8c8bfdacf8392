//! The client's end.
use std::sync::Arc;

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, duplex},
    task::JoinHandle,
};
use toolwright_stdio::{Error, Options, serve_io};

use crate::double::{Double, State};

pub(crate) struct Wire {
    to: Option<DuplexStream>,
    from: BufReader<DuplexStream>,
    pub(crate) server: JoinHandle<Result<(), Error>>,
    pub(crate) state: Arc<State>,
}

impl Wire {
    pub(crate) fn new(double: Double) -> Self {
        Self::open(double, Options::new(), 64 * 1024)
    }

    /// Pipes that hold `capacity` bytes.
    pub(crate) fn open(double: Double, options: Options, capacity: usize) -> Self {
        let (to, reader) = duplex(capacity);
        let (writer, from) = duplex(capacity);
        let state = double.state();
        let server = tokio::spawn(serve_io(Arc::new(double), reader, writer, options));
        Self { to: Some(to), from: BufReader::new(from), server, state }
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.to.as_mut().unwrap().write_all(bytes.as_ref()).await.unwrap();
    }

    pub(crate) async fn line(&mut self) -> String {
        let mut line = String::new();
        self.from.read_line(&mut line).await.unwrap();
        line
    }

    pub(crate) async fn json(&mut self) -> Value {
        serde_json::from_str(&self.line().await).unwrap()
    }

    /// Ends the input.
    pub(crate) fn hang_up(&mut self) {
        self.to = None;
    }

    /// Everything until the server ends, which it does well.
    pub(crate) async fn rest(mut self) -> String {
        self.hang_up();
        let mut rest = String::new();
        self.from.read_to_string(&mut rest).await.unwrap();
        self.server.await.unwrap().unwrap();
        rest
    }
}

/// What comes back for `input`, byte for byte.
pub(crate) async fn transcript(double: Double, input: impl AsRef<[u8]>) -> String {
    let mut wire = Wire::new(double);
    wire.send(input).await;
    wire.rest().await
}

/// A request of one line.
pub(crate) fn request(id: usize, method: &str) -> String {
    format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},\"method\":\"{method}\"}}\n")
}

/// Waits until `count` calls are held.
pub(crate) async fn held(state: &State, count: usize) {
    state.held.subscribe().wait_for(|held| *held == count).await.unwrap();
}

impl Wire {
    /// Both ends, to use at the same time.
    pub(crate) fn halves(&mut self) -> (&mut DuplexStream, &mut BufReader<DuplexStream>) {
        (self.to.as_mut().unwrap(), &mut self.from)
    }

    /// Closes the server's output.
    pub(crate) fn stop_reading(self) -> (DuplexStream, JoinHandle<Result<(), Error>>) {
        (self.to.unwrap(), self.server)
    }
}
