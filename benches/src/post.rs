//! Requests over HTTP, as bytes.
use std::{fmt::Write as _, net::SocketAddr};

use crate::message::Speech;

/// A message in a request of its own, with all headers that a client has to send; `mirrored` are those that repeat the body.
pub fn post(
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
pub fn head(method: &str, address: SocketAddr, speech: Speech, session: Option<&str>) -> String {
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
