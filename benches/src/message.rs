//! The messages that are sent.

/// The revision that a message speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Speech {
    /// 2026-07-28: each request says everything.
    Modern,
    /// 2025-11-25: in a session.
    Legacy,
}

const META: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{},"io.modelcontextprotocol/clientInfo":{"name":"bench","version":"1.0.0"}}"#;

/// What opens a legacy session.
pub const HANDSHAKE: [&str; 2] = [
    r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"bench","version":"1.0.0"}}}"#,
    r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#,
];

/// A request; `members` are those of `params` besides `_meta`.
pub fn request(speech: Speech, id: u64, method: &str, members: &str) -> String {
    let comma = if members.is_empty() { "" } else { "," };
    let params = match speech {
        Speech::Modern => format!("{members}{comma}{META}"),
        Speech::Legacy => members.to_owned(),
    };
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"{method}","params":{{{params}}}}}"#)
}

/// A call of `add`.
pub fn add(speech: Speech, id: u64, a: i64, b: i64) -> String {
    request(speech, id, "tools/call", &format!(r#""name":"add","arguments":{{"a":{a},"b":{b}}}"#))
}
