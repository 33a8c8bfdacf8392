use std::{fmt::Write as _, net::SocketAddr, ops::Range};

use toolwright_benches::message::Speech;

use super::{
    digits::{Digits, find},
    workload::Workload,
};

/// A request as it goes over the wire, the same each time but for its numbers.
#[derive(Debug)]
pub(super) struct Request {
    bytes: Vec<u8>,
    id: Range<usize>,
    summand: Option<Range<usize>>,
}

impl Request {
    pub(super) fn new(workload: &Workload, address: SocketAddr, session: Option<&str>) -> Self {
        let first = Digits::of(0);
        let mut mirrored = String::new();
        if workload.speech == Speech::Modern {
            let _ = write!(mirrored, "Mcp-Method: {}\r\n", workload.method());
            if let Some(target) = workload.target() {
                let _ = write!(mirrored, "Mcp-Name: {target}\r\n");
            }
        }
        let bytes = post(address, workload.speech, session, &mirrored, &workload.body());
        let place = |digits: &[u8]| find(&bytes, digits, 0).map(|at| at..at + digits.len());
        let id = place(&first.id).expect("each request has an id");
        let summand = place(&first.summand);
        Self { bytes, id, summand }
    }

    /// The bytes of the one with these numbers.
    pub(super) fn with(&mut self, digits: &Digits) -> &[u8] {
        self.bytes[self.id.clone()].copy_from_slice(&digits.id);
        if let Some(summand) = self.summand.clone() {
            self.bytes[summand].copy_from_slice(&digits.summand);
        }
        &self.bytes
    }
}

/// A message in a request of its own, with all headers that a client has to send; `mirrored` are those that repeat the body.
pub(super) fn post(
    address: SocketAddr,
    speech: Speech,
    session: Option<&str>,
    mirrored: &str,
    body: &str,
) -> Vec<u8> {
    let mut request = head("POST", address, speech, session);
    let _ = write!(
        request,
        "Content-Type: application/json\r\n{mirrored}Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    request.into_bytes()
}

/// The first headers of a request. An empty line has to end them.
pub(super) fn head(method: &str, address: SocketAddr, speech: Speech, session: Option<&str>) -> String {
    let version = match speech {
        Speech::Modern => "2026-07-28",
        Speech::Legacy => "2025-11-25",
    };
    let mut head = format!(
        "{method} /mcp HTTP/1.1\r\nHost: {address}\r\nUser-Agent: bench\r\n\
         Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: {version}\r\n"
    );
    if let Some(session) = session {
        let _ = write!(head, "Mcp-Session-Id: {session}\r\n");
    }
    head
}
