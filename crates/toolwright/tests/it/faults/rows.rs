//! The faults, as bytes.
use super::place::{Framing, NOTE, Place, Reaction, Step};

/// A fault, and what the server does; none where the transport cannot have it.
pub(super) type Row = (&'static str, fn(&Place) -> Option<Reaction>);

pub(super) fn rows() -> impl Iterator<Item = &'static Row> {
    [CONNECTIONS, MESSAGES, FRAMES, RESPONSES, BYTES].into_iter().flatten()
}

/// How connections end.
const CONNECTIONS: &[Row] = &[
    ("silence", |at| Some(at.nothing()?.then(Step::Silence))),
    ("silence after the head", |at| Some(at.writes([""])?.then(Step::Silence))),
    ("silence after half an answer", |at| Some(at.half()?.then(Step::Silence))),
    ("end before any byte", |at| Some(at.nothing()?.then(Step::Close))),
    ("end after half a head", |at| Some(at.raw("HTTP/1.1 200 OK\r\ncontent-ty")?.then(Step::Close))),
    ("end after the head", |at| Some(at.writes([""])?.then(Step::Close))),
    ("end after half an answer", |at| Some(at.half()?.then(Step::Close))),
    ("kill before any byte", |at| Some(at.nothing()?.then(Step::Kill))),
    ("kill after half an answer", |at| Some(at.half()?.then(Step::Kill))),
    ("end of the body after half an answer", |at| {
        if matches!(at.framing, Framing::Body | Framing::Events) { at.half() } else { None }
    }),
    ("end after the answer", |at| Some(at.says([&at.answer()])?.then(Step::Close))),
];

/// What messages say.
const MESSAGES: &[Row] = &[
    ("the answer", |at| at.says([&at.answer()])),
    ("an error", |at| at.says([r#"{"jsonrpc":"2.0","id":$ID,"error":{"code":-32603,"message":"broken"}}"#])),
    ("an empty message", |at| at.says([""])),
    ("malformed JSON", |at| at.says([r#"{"jsonrpc":"2.0","id":$ID,"result":{]}"#])),
    ("no JSON", |at| at.says(["<html>Welcome!</html>"])),
    ("no UTF-8", |at| {
        let mut frame = at.frame(&at.answer()).into_bytes();
        let letter = frame.iter().rposition(|byte| *byte == b'k').unwrap();
        frame[letter] = 0xff;
        at.writes([frame])
    }),
    ("endless depth", |at| at.says([&"[".repeat(50_000)])),
    ("a number", |at| at.says(["$ID"])),
    ("an object that is no JSON-RPC", |at| at.says([r#"{"id":$ID,"hello":"world"}"#])),
    ("another version of JSON-RPC", |at| at.says([r#"{"jsonrpc":"1.0","id":$ID,"result":{}}"#])),
    ("another id", |at| at.says([r#"{"jsonrpc":"2.0","id":4711,"result":{}}"#])),
    ("an id of another type", |at| at.says([r#"{"jsonrpc":"2.0","id":"$ID","result":{}}"#])),
    ("an id that is an object", |at| at.says([r#"{"jsonrpc":"2.0","id":{"a":$ID},"result":{}}"#])),
    ("a result without an id", |at| at.says([r#"{"jsonrpc":"2.0","id":null,"result":{}}"#])),
    ("an error without an id", |at| {
        at.says([r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no JSON"}}"#])
    }),
    ("result and error", |at| {
        at.says([r#"{"jsonrpc":"2.0","id":$ID,"result":{},"error":{"code":1,"message":"m"}}"#])
    }),
    ("neither result nor error", |at| at.says([r#"{"jsonrpc":"2.0","id":$ID}"#])),
    ("a result that is no object", |at| at.says([r#"{"jsonrpc":"2.0","id":$ID,"result":["ok"]}"#])),
    ("a result of another method", |at| at.says([r#"{"jsonrpc":"2.0","id":$ID,"result":{"content":1}}"#])),
    ("an error that is no object", |at| at.says([r#"{"jsonrpc":"2.0","id":$ID,"error":"no"}"#])),
    ("a notification and no answer", |at| at.says([NOTE])),
    ("a request with the id of the call", |at| at.says([r#"{"jsonrpc":"2.0","id":$ID,"method":"ping"}"#])),
    ("two answers with the same id", |at| at.says([&at.answer(), &at.answer()])),
    ("the answer after one to another", |at| {
        at.says([r#"{"jsonrpc":"2.0","id":4711,"result":{}}"#, &at.answer()])
    }),
    ("the answer after noise", |at| at.says(["Server is listening!", &at.answer()])),
    ("the answer after garbage of a request", |at| {
        at.says([r#"{"jsonrpc":"2.0","id":{},"method":7,"params":"?"}"#, &at.answer()])
    }),
    ("the answer after an odd request", |at| {
        at.says([r#"{"jsonrpc":"2.0","id":$ID,"method":"roots/list","params":[1]}"#, &at.answer()])
    }),
    ("the answer after a flood of notifications", |at| {
        at.says([&vec![NOTE; 5_000].join(&between(at)), &at.answer()])
    }),
    ("the answer in a batch", |at| at.says([&format!("[{NOTE},{}]", at.answer())])),
    ("a batch without the answer", |at| at.says([&format!("[{NOTE}]")])),
    ("an empty batch", |at| at.says(["[]"])),
    ("more than the limit", |at| at.says([&format!("{}{}", at.answer(), " ".repeat(super::case::LIMIT))])),
];

/// What stands between two frames, without the ends of both.
fn between(at: &Place) -> String {
    let frames = at.frame("|");
    let (begin, end) = frames.split_once('|').unwrap();
    format!("{end}{begin}")
}

/// How messages are framed.
const FRAMES: &[Row] = &[
    ("cut at every byte", |at| {
        let frames = at.frame(&at.answer());
        at.writes(frames.bytes().map(|byte| [byte]))
    }),
    ("line ends CR LF", |at| at.writes([at.frame(&at.answer()).replace('\n', "\r\n")])),
    ("line ends CR", |at| events(at, at.frame(&at.answer()).replace('\n', "\r"))),
    ("line ends CR LF cut at every byte", |at| {
        let frames = format!("\n{}{}", at.frame(NOTE), at.frame(&at.answer())).replace('\n', "\r\n");
        if at.framing == Framing::Body { None } else { at.writes(frames.bytes().map(|byte| [byte])) }
    }),
    ("blank lines before", |at| at.writes([format!("\n\n\n{}", at.frame(&at.answer()))])),
    ("comments", |at| events(at, format!(": hello\n\n:\n{}: bye\n\n", at.frame(&at.answer())))),
    ("an answer over many lines", |at| events(at, format!("data: {}\n\n", lines(&at.answer())))),
    ("fields that nobody knows", |at| {
        events(at, format!("foo: bar\nevent: message\ndata\nid\nretry: x\n\n{}", at.frame(&at.answer())))
    }),
    ("an event of another name", |at| events(at, format!("event: other\n{}", at.frame(&at.answer())))),
    ("an event without its blank line", |at| {
        let text = at.frame(&at.answer());
        if at.framing == Framing::Events { at.writes([text.trim_end()]) } else { None }
    }),
    ("a stream resumed with the answer", |at| resumed(at, "answer")),
    ("a stream broken, resumed with the answer", |at| Some(resumed(at, "answer")?.then(Step::Close))),
    ("a stream that is not resumed", |at| resumed(at, "refuse")),
    ("a stream resumed in vain", |at| resumed(at, "never")),
    ("a stream resumed by something else", |at| resumed(at, "page")),
    ("a stream whose session is gone", |at| resumed(at, "gone")),
];

fn events(at: &Place, text: impl Into<Vec<u8>>) -> Option<Reaction> {
    if at.is_events() { at.writes([text]) } else { None }
}

/// `text` as the value of a field that is repeated.
fn lines(text: &str) -> String {
    text.replace(',', ",\ndata: ")
}

/// A stream that ends, with an id that says what comes when it is resumed: see the server.
fn resumed(at: &Place, then: &str) -> Option<Reaction> {
    if at.framing != Framing::Events {
        return None;
    }
    at.writes([format!("id: {then}-{}\nretry: 1\ndata:\n\ndata: {NOTE}\n\n", at.id)])
}

const PAGE: &[(&str, &str)] = &[("content-type", "text/html")];
const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const HTML: &str = "<!DOCTYPE html><title>Something went wrong</title>";

/// Responses that HTTP can have, and a server should not.
const RESPONSES: &[Row] = &[
    ("200 and a page", |at| at.status(200, PAGE, HTML)),
    ("200 without a content type", |at| at.status(200, &[], at.answer())),
    ("200 and nothing", |at| at.status(200, JSON, "")),
    ("202 and nothing", |at| at.status(202, &[], "")),
    ("204", |at| at.status(204, &[], "")),
    ("events called JSON", |at| at.status(200, JSON, format!("data: {}\n\n", at.answer()))),
    ("JSON called events", |at| at.status(200, &[("content-type", "text/event-stream")], at.answer())),
    ("an answer that is packed", |at| {
        let headers = [("content-type", "application/json"), ("content-encoding", "gzip")];
        at.status(200, &headers, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00".to_vec())
    }),
    ("events that are packed", |at| {
        let headers = [("content-type", "text/event-stream"), ("content-encoding", "gzip")];
        at.status(200, &headers, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x03\x00\x00\x00".to_vec())
    }),
    ("a redirect to another host", |at| at.status(307, &[("location", "http://203.0.113.1/mcp")], "")),
    ("a redirect without a place", |at| at.status(302, PAGE, HTML)),
    ("304", |at| at.status(304, &[], "")),
    ("400 and a page", |at| at.status(400, PAGE, HTML)),
    ("401 and a page", |at| at.status(401, PAGE, HTML)),
    ("403 and a page", |at| at.status(403, PAGE, HTML)),
    ("404 and a page", |at| at.status(404, PAGE, HTML)),
    ("405", |at| at.status(405, &[], "")),
    ("413 and a page", |at| at.status(413, PAGE, HTML)),
    ("429 and nothing", |at| at.status(429, &[("retry-after", "1")], "")),
    ("500 and an error", |at| {
        at.status(500, JSON, at.fill(r#"{"jsonrpc":"2.0","id":$ID,"error":{"code":-32603,"message":"no"}}"#))
    }),
    ("502 and a page", |at| at.status(502, PAGE, HTML)),
    ("503 and half an error", |at| at.status(503, JSON, r#"{"jsonrpc":"2.0","id":"#)),
    ("500 and a page without end", |at| Some(at.status(500, PAGE, HTML)?.then(Step::Silence))),
    ("500 and a page cut off", |at| Some(at.status(500, PAGE, HTML)?.then(Step::Kill))),
];

/// Bytes that are no HTTP, or hardly.
const BYTES: &[Row] = &[
    ("another protocol", |at| at.raw("SSH-2.0-server\r\n\r\n")),
    ("a header that is none", |at| at.raw("HTTP/1.1 200 OK\r\ncontent type\r\n\r\n")),
    ("an endless head", |at| {
        let cookie = "x".repeat(1024);
        at.raw(format!("HTTP/1.1 200 OK\r\n{}", format!("set-cookie: {cookie}\r\n").repeat(90)))
    }),
    ("a chunk of no size", |at| at.raw(chunked("zz\r\n{}\r\n"))),
    ("a chunk cut off", |at| Some(at.raw(chunked("ff\r\n{\"jsonrpc\""))?.then(Step::Close))),
    ("chunks without the last", |at| {
        let answer = at.answer();
        Some(at.raw(chunked(&format!("{:x}\r\n{answer}\r\n", answer.len())))?.then(Step::Close))
    }),
    ("a body shorter than it says", |at| {
        Some(at.raw(lengthy(&at.answer(), at.answer().len() + 1))?.then(Step::Close))
    }),
    ("a body longer than it says", |at| at.raw(lengthy(&at.answer(), at.answer().len() - 1))),
    ("a body that announces too much", |at| at.raw(lengthy("{", 1 << 40))),
    ("two lengths", |at| {
        let answer = at.answer();
        let length = answer.len();
        at.raw(format!(
            "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\ncontent-length: 7\r\n\r\n{answer}"
        ))
    }),
    ("two responses", |at| {
        let answer = at.answer();
        at.raw(lengthy(&answer, answer.len()) + &lengthy("{\"forged\":1}", 12))
    }),
    ("a body until the end of the connection", |at| {
        let head = "HTTP/1.0 200 OK\r\ncontent-type: application/json\r\n\r\n";
        Some(at.raw(head.to_owned() + &at.answer())?.then(Step::Close))
    }),
    ("a response after two that announce it", |at| {
        let before = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n";
        at.raw(before.to_owned() + &lengthy(&at.answer(), at.answer().len()))
    }),
    ("another protocol from now on", |at| {
        at.raw("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: h2c\r\n\r\n")
    }),
];

fn chunked(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n{body}")
}

fn lengthy(body: &str, length: usize) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}")
}
