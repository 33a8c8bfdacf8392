//! Streams that misbehave.
use std::{
    collections::VecDeque,
    io::{self, ErrorKind, Read, Write},
    sync::{Arc, Mutex},
};

use toolwright_stdio::{Error, Options, serve_blocking};

use crate::{double::Double, wire::request};

const ANSWER: &str = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":null}\n";

/// Each read does the next of these; then the input ends.
struct Script(VecDeque<Box<dyn FnOnce() -> io::Result<String> + Send>>);

impl Script {
    fn new(then: impl FnOnce() -> io::Result<String> + Send + 'static) -> Self {
        Self(VecDeque::from([Box::new(|| Ok(request(1, "echo"))) as _, Box::new(then) as _]))
    }
}

impl Read for Script {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Some(step) = self.0.pop_front() else { return Ok(0) };
        let text = step()?;
        buffer[..text.len()].copy_from_slice(text.as_bytes());
        Ok(text.len())
    }
}

/// Refuses every other write for no reason, and takes three bytes at once.
#[derive(Clone, Default)]
struct Reluctant {
    written: Arc<Mutex<Vec<u8>>>,
    refused: Option<ErrorKind>,
}

impl Write for Reluctant {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.refused = match self.refused {
            None => Some(ErrorKind::WouldBlock),
            Some(ErrorKind::WouldBlock) => Some(ErrorKind::Interrupted),
            Some(_) => None,
        };
        if let Some(kind) = self.refused {
            return Err(kind.into());
        }
        let count = bytes.len().min(3);
        self.written.lock().unwrap().extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn serve(reader: Script) -> (Result<(), Error>, String) {
    let writer = Reluctant::default();
    let written = Arc::clone(&writer.written);
    let result = serve_blocking(Arc::new(Double::default()), reader, writer, Options::new()).await;
    let written = String::from_utf8(written.lock().unwrap().clone()).unwrap();
    (result, written)
}

#[tokio::test]
async fn streams_that_are_not_ready_are_tried_again() {
    for kind in [ErrorKind::WouldBlock, ErrorKind::Interrupted] {
        let (result, written) = serve(Script::new(move || Err(kind.into()))).await;
        result.unwrap();
        assert_eq!(written, ANSWER);
    }
}

#[tokio::test]
async fn a_peer_that_hangs_up_has_ended_its_input() {
    let (result, written) = serve(Script::new(|| Err(ErrorKind::ConnectionReset.into()))).await;
    result.unwrap();
    assert_eq!(written, ANSWER);
}

#[tokio::test]
async fn a_read_that_fails_is_reported_after_the_last_answer() {
    let (result, written) = serve(Script::new(|| Err(io::Error::other("the disk is on fire")))).await;
    assert_eq!(result.unwrap_err().to_string(), "cannot read messages: the disk is on fire");
    assert_eq!(written, ANSWER);
}

#[tokio::test]
async fn a_reader_that_panics_is_reported_after_the_last_answer() {
    let (result, written) = serve(Script::new(|| panic!("no more"))).await;
    assert_eq!(result.unwrap_err().to_string(), "cannot read messages: the reader panicked");
    assert_eq!(written, ANSWER);
}
