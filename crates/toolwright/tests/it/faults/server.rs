//! What the server says, however it is reached.
use serde_json::{Value, json};

use super::{
    place::{Framing, Head, Place, Reaction, Step},
    rows::rows,
};

/// What the server has for a message.
#[derive(Debug)]
pub(super) enum Reply {
    /// Nothing: it is a notification, or a response.
    Accepted,
    Message(String),
    Fault(Reaction),
}

/// What comes after a fault where the client may still wait: whoever hears it knows that nothing else comes.
pub(super) const OVER: &str = "example/over";

pub(super) fn over() -> String {
    json!({ "jsonrpc": "2.0", "method": OVER }).to_string()
}

pub(super) fn reply(message: &Value, framing: Framing, raw: bool) -> Reply {
    let (Some(id), Some(method)) = (message.get("id"), message["method"].as_str()) else {
        return Reply::Accepted;
    };
    let place = Place { framing, raw, id: id.clone() };
    let result = match method {
        "server/discover" => json!({
            "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": { "tools": {} },
            "ttlMs": 0, "cacheScope": "public",
            "_meta": { "io.modelcontextprotocol/serverInfo": { "name": "faulty", "version": "1" } },
        }),
        "initialize" => json!({
            "protocolVersion": if framing == Framing::Pair { "2024-11-05" } else { "2025-11-25" },
            "capabilities": { "tools": {} }, "serverInfo": { "name": "faulty", "version": "1" },
        }),
        "tools/call" => {
            let name = message["params"]["name"].as_str().unwrap();
            if name == "ok" {
                return Reply::Message(place.answer());
            }
            let (_, react) = rows().find(|(row, _)| *row == name).unwrap();
            return Reply::Fault(react(&place).unwrap());
        }
        _ => {
            let error = json!({ "code": -32601, "message": method });
            return Reply::Message(json!({ "jsonrpc": "2.0", "id": id, "error": error }).to_string());
        }
    };
    Reply::Message(json!({ "jsonrpc": "2.0", "id": id, "result": result }).to_string())
}

/// A message in its frame, as the response to the POST.
pub(super) fn told(message: &str, framing: Framing) -> Reaction {
    let place = Place { framing, raw: false, id: Value::Null };
    place.writes([place.frame(message)]).unwrap()
}

pub(super) fn accepted() -> Reaction {
    Reaction { head: Head::Status(202, Vec::new()), steps: Vec::new() }
}

/// The response to a GET: the stream of a session, or one that is resumed after an event. Its id says what comes.
pub(super) fn stream(after: Option<&str>) -> Reaction {
    let stream = Head::Status(200, vec![("content-type", "text/event-stream")]);
    let (head, steps) = match after.map(|after| after.split_once('-').unwrap()) {
        None => (stream, vec![Step::Silence]),
        Some(("answer", id)) => {
            let place = Place { framing: Framing::Events, raw: false, id: id.parse().unwrap() };
            (stream, vec![Step::Data(place.frame(&place.answer()).into())])
        }
        Some(("never", _)) => (stream, Vec::new()),
        Some(("page", _)) => {
            (Head::Status(200, vec![("content-type", "text/html")]), vec![Step::Data("<html>".into())])
        }
        Some(("gone", _)) => (Head::Status(404, Vec::new()), Vec::new()),
        Some(_) => (Head::Status(405, Vec::new()), Vec::new()),
    };
    Reaction { head, steps }
}

/// Status and headers of a response; none if it is written out.
pub(super) fn head(head: &Head, framing: Framing) -> Option<(u16, Vec<(&'static str, &'static str)>)> {
    match head {
        Head::Raw => None,
        Head::Status(status, headers) => Some((*status, headers.clone())),
        Head::Usual => {
            let form = if framing == Framing::Body { "application/json" } else { "text/event-stream" };
            Some((200, vec![("content-type", form)]))
        }
    }
}
