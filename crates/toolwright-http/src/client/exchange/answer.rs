use bytes::Bytes;
use toolwright_core::{
    joint::{Outlet, Waiting},
    jsonrpc::{Envelope, Id, Incoming, Malformed, Message, decode, encode},
};

use crate::client::line::Line;

/// What an event carries.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Carried {
    /// A response; an error can be without an id.
    Response(Option<Id>),
    Batch,
    /// A request or a notification, or nothing that is known.
    Other,
}

impl Carried {
    /// Reads no more of `data` than it takes to tell.
    pub(crate) fn read(data: &[u8]) -> Result<Self, Malformed> {
        if data.trim_ascii_start().first() == Some(&b'[') {
            return match decode(data) {
                Incoming::Batch(_) => Ok(Self::Batch),
                Incoming::Single(item) => item.map(|_| Self::Other),
            };
        }
        let Ok(text) = str::from_utf8(data) else {
            return match decode(data) {
                Incoming::Single(item) => item.map(|_| Self::Other),
                Incoming::Batch(_) => Ok(Self::Other),
            };
        };
        let envelope = Envelope::decode(text.trim_start_matches('\u{feff}'))?;
        if envelope.method.is_some() || (envelope.result.is_none() && envelope.error.is_none()) {
            return Ok(Self::Other);
        }
        Ok(match envelope.id {
            Some(id) if id.get() != "null" => Self::Response(envelope.id()?),
            _ if envelope.error.is_some() => Self::Response(None),
            _ => Self::Other,
        })
    }
}

/// Gives the answers in `data` to those who wait for them, and whatever else there is back.
pub(crate) fn route<E>(waiting: &Waiting<E>, data: Bytes) -> Option<Bytes> {
    match Carried::read(&data) {
        Ok(Carried::Response(Some(id))) => {
            hand(waiting, &id, data);
            None
        }
        Ok(Carried::Batch) => {
            share(waiting, &data, None);
            Some(data)
        }
        _ => Some(data),
    }
}

/// Gives the answers in a batch to those who wait for them, but for the one to `own`. Whether that is there.
pub(super) fn share<E>(waiting: &Waiting<E>, batch: &[u8], own: Option<&Id>) -> bool {
    let Incoming::Batch(items) = decode(batch) else { return false };
    let mut found = false;
    for item in items {
        match item {
            Ok(Message::Response { id: Some(id), .. })
            | Err(Malformed { id: Some(id), response: true, .. })
                if Some(&id) == own =>
            {
                found = true;
            }
            Ok(Message::Response { id: Some(id), outcome }) => {
                hand(waiting, &id, encode::response(&id, outcome.as_ref().copied()));
            }
            _ => {}
        }
    }
    found
}

pub(super) fn hand<E>(waiting: &Waiting<E>, id: &Id, answer: Bytes) {
    if !waiting.answer(id, answer) {
        tracing::debug!(%id, "an answer that nobody waits for");
    }
}

/// Hands over what is no answer to a request that waits in this session, and waits until it is taken.
pub(crate) async fn deliver(line: &Line, message: Bytes) {
    let rest = if line.is_legacy() { route(&line.waiting, message) } else { Some(message) };
    if let Some(message) = rest {
        forward(&*line.inlet, message).await;
    }
}

/// Hands over what is no answer, and waits until it is taken.
pub(crate) async fn forward(inlet: &dyn Outlet, message: Bytes) {
    if inlet.send(message).await.is_err() {
        tracing::debug!("nobody takes what the server sends on its own");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(data: &str) -> Carried {
        Carried::read(data.as_bytes()).unwrap()
    }

    #[test]
    fn a_response_has_a_result_or_an_error_and_no_method() {
        let seven = || Carried::Response(Some(Id::from(7)));
        assert_eq!(read(r#"{"jsonrpc":"2.0","id":7,"result":{}}"#), seven());
        assert_eq!(read(r#" {"error":{"code":1,"message":"no"},"id":7}"#), seven());
        assert_eq!(read("\u{feff}{\"id\":\"7\",\"result\":{}}"), Carried::Response(Some(Id::from("7"))));
        let nobodys = r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}"#;
        assert_eq!(read(nobodys), Carried::Response(None));
        for other in [
            r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/x"}"#,
            r#"{"jsonrpc":"2.0","result":{}}"#,
            "{}",
        ] {
            assert_eq!(read(other), Carried::Other, "{other}");
        }
    }

    #[test]
    fn data_that_is_no_message_says_so() {
        for data in [&b"{\"id\":7"[..], b"hello", b"\xff", b"[", b"7"] {
            assert!(Carried::read(data).is_err(), "{data:?}");
        }
    }

    #[test]
    fn a_batch_has_the_answer_to_a_request_only_as_a_response_with_its_id() {
        let shared = |batch: &str| share(&Waiting::<()>::default(), batch.as_bytes(), Some(&Id::from(7)));
        assert!(shared(r#"[{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","id":7,"result":{}}]"#));
        assert!(shared(r#"[{"jsonrpc":"2.0","id":7,"result":{},"error":{}}]"#));
        assert!(!shared(
            r#"[{"jsonrpc":"2.0","id":7,"method":"ping"},{"jsonrpc":"2.0","id":8,"result":{}}]"#
        ));
    }
}
