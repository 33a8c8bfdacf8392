use bytes::Bytes;
use toolwright_core::jsonrpc::{Envelope, Id, Incoming, Malformed, Message, decode};

use crate::client::line::Line;

/// Whether `data` answers the request `id`, alone or in a batch. Data that is no message is an error.
///
/// An error without an id, on the stream of one request, can be about that request only.
pub(crate) fn is_answer(data: &[u8], id: &Id) -> Result<bool, Malformed> {
    if data.trim_ascii_start().first() == Some(&b'[') {
        return match decode(data) {
            Incoming::Batch(items) => Ok(items.iter().any(|item| answers(item, id))),
            Incoming::Single(item) => item.map(|_| false),
        };
    }
    let Ok(text) = str::from_utf8(data) else {
        return match decode(data) {
            Incoming::Single(item) => item.map(|_| false),
            Incoming::Batch(_) => Ok(false),
        };
    };
    let envelope = Envelope::decode(text.trim_start_matches('\u{feff}'))?;
    if envelope.method.is_some() || (envelope.result.is_none() && envelope.error.is_none()) {
        return Ok(false);
    }
    Ok(match envelope.id {
        Some(other) if other.get() != "null" => envelope.id()?.as_ref() == Some(id),
        _ => envelope.error.is_some(),
    })
}

fn answers(item: &Result<Message<'_>, Malformed>, id: &Id) -> bool {
    match item {
        Ok(Message::Response { id: Some(other), .. }) => other == id,
        Ok(_) => false,
        Err(malformed) => malformed.response && malformed.id.as_ref() == Some(id),
    }
}

/// Hands over what is no answer, and waits until it is taken.
pub(crate) async fn deliver(line: &Line, message: Bytes) {
    if line.inlet.send(message).await.is_err() {
        tracing::debug!("nobody takes what the server sends on its own");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_response_with_its_id_answers_a_request() {
        let answers = |data: &str| is_answer(data.as_bytes(), &Id::from(7)).unwrap();
        assert!(answers(r#"{"jsonrpc":"2.0","id":7,"result":{}}"#));
        assert!(answers(r#" {"error":{"code":1,"message":"no"},"id":7}"#));
        assert!(answers(r#"[{"jsonrpc":"2.0","method":"a"},{"jsonrpc":"2.0","id":7,"result":{}}]"#));
        assert!(answers(r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"no"}}"#));
        for other in [
            r#"{"jsonrpc":"2.0","id":8,"result":{}}"#,
            r#"{"jsonrpc":"2.0","id":"7","result":{}}"#,
            r#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#,
            r#"{"jsonrpc":"2.0","method":"notifications/x"}"#,
            r#"[{"jsonrpc":"2.0","id":7,"method":"ping"},{"jsonrpc":"2.0","id":8,"result":{}}]"#,
            "{}",
        ] {
            assert!(!answers(other), "{other}");
        }
    }

    #[test]
    fn data_that_is_no_message_says_so() {
        for data in [&b"{\"id\":7"[..], b"hello", b"\xff", b"[", b"7"] {
            assert!(is_answer(data, &Id::from(7)).is_err(), "{data:?}");
        }
    }
}
