use std::{borrow::Cow, io::Write as _, ops::Range};

use bytes::Bytes;
use serde::Serialize;

/// A request in the making: its parameters are written straight into the buffer that is sent.
#[derive(Clone, Debug)]
pub(crate) struct Message {
    id: i64,
    method: Cow<'static, str>,
    buffer: Vec<u8>,
    members: usize,
}

/// A request as it is sent. It knows where its parameters are, for whoever has to send them again.
#[derive(Clone, Debug)]
pub(crate) struct Encoded {
    pub(crate) id: i64,
    pub(crate) method: Cow<'static, str>,
    pub(crate) body: Bytes,
    members: Range<usize>,
    /// How much of them the caller gave; what follows belongs to one round.
    original: usize,
}

impl Message {
    pub(crate) fn open(id: i64, method: impl Into<Cow<'static, str>>) -> Self {
        let method = method.into();
        // Room for a small call with its metadata, which is longer than all the rest.
        let mut buffer = Vec::with_capacity(512);
        let _ = write!(buffer, r#"{{"jsonrpc":"2.0","id":{id},"method":"#);
        serde_json::to_writer(&mut buffer, &*method).expect("a string can always be written to memory");
        buffer.extend_from_slice(br#","params":{"#);
        Self { id, method, members: buffer.len(), buffer }
    }

    pub(crate) fn id(&self) -> i64 {
        self.id
    }

    /// Adds a member of `params`. A value that fails half-way leaves no trace.
    pub(crate) fn member<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> serde_json::Result<()> {
        let length = self.buffer.len();
        let written = self.name(name).and_then(|()| serde_json::to_writer(&mut self.buffer, value));
        written.inspect_err(|_| self.buffer.truncate(length))
    }

    /// Adds a member that must be an object; a value that serializes to `null` is left out.
    pub(crate) fn object<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> serde_json::Result<()> {
        let length = self.buffer.len();
        self.name(name)?;
        let start = self.buffer.len();
        let written = serde_json::to_writer(&mut self.buffer, value);
        match (&written, self.buffer.get(start)) {
            (Ok(()), Some(b'{')) => return Ok(()),
            (Ok(()), _) if self.buffer[start..] == *b"null" => self.buffer.truncate(length),
            _ => {
                self.buffer.truncate(length);
                return written.and_then(|()| {
                    Err(serde::ser::Error::custom(
                        "expected an object, such as `json!({})`, or nothing, such as `()`",
                    ))
                });
            }
        }
        Ok(())
    }

    fn name(&mut self, name: &str) -> serde_json::Result<()> {
        self.comma();
        serde_json::to_writer(&mut self.buffer, name)?;
        self.buffer.push(b':');
        Ok(())
    }

    fn comma(&mut self) {
        if self.buffer.len() > self.members {
            self.buffer.push(b',');
        }
    }

    /// Ends the request; `meta` is a `"_meta":{..}` member or nothing.
    pub(crate) fn close(mut self, meta: impl FnOnce(&mut Vec<u8>)) -> Encoded {
        let members = self.members..self.buffer.len();
        self.comma();
        let before = self.buffer.len();
        meta(&mut self.buffer);
        if self.buffer.len() == before {
            self.buffer.truncate(members.end);
        }
        self.buffer.extend_from_slice(b"}}");
        let original = members.len();
        Encoded { id: self.id, method: self.method, body: self.buffer.into(), members, original }
    }
}

impl Encoded {
    /// The parameters without `_meta`: the members of an object, without its braces.
    pub(crate) fn parameters(&self) -> Bytes {
        self.body.slice(self.members.clone())
    }

    /// The original request under a new id, open for further members ("Multi Round-Trip Requests": original parameters, new
    /// id).
    pub(crate) fn again(&self, id: i64) -> Message {
        self.with(id, self.original)
    }

    /// The same request, with all that this round added, under a new id.
    pub(crate) fn repeat(&self, id: i64) -> Message {
        self.with(id, self.members.len())
    }

    fn with(&self, id: i64, length: usize) -> Message {
        let mut message = Message::open(id, self.method.clone());
        message.buffer.extend_from_slice(&self.body[self.members.start..self.members.start + length]);
        message
    }

    /// What [`again`](Self::again) shall keep of the parameters: those that it kept of an earlier round.
    pub(crate) fn keep(mut self, earlier: &Self) -> Self {
        self.original = earlier.original;
        self
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Message;

    #[test]
    fn parameters_and_metadata_are_spliced_into_one_buffer() {
        let mut message = Message::open(7, "tools/call");
        message.member("name", "add").unwrap();
        message.member("arguments", &json!({ "a": 1 })).unwrap();
        let encoded = message.close(|buffer| buffer.extend_from_slice(br#""_meta":{"x":1}"#));
        assert_eq!(
            encoded.body,
            r#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"add","arguments":{"a":1},"_meta":{"x":1}}}"#
        );
    }

    #[test]
    fn no_members_and_no_metadata_leave_an_empty_object() {
        let encoded = Message::open(1, "ping").close(|_| ());
        assert_eq!(encoded.body, r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{}}"#);
        let encoded = Message::open(1, "x").close(|buffer| buffer.extend_from_slice(br#""_meta":{}"#));
        assert_eq!(encoded.body, r#"{"jsonrpc":"2.0","id":1,"method":"x","params":{"_meta":{}}}"#);
    }

    #[test]
    fn a_retry_keeps_the_original_parameters_and_drops_those_of_the_round_before() {
        let mut message = Message::open(1, "tools/call");
        message.member("name", "add").unwrap();
        let first = message.close(|buffer| buffer.extend_from_slice(br#""_meta":{}"#));

        let mut message = first.again(2);
        message.member("requestState", "a").unwrap();
        let second = message.close(|_| ()).keep(&first);
        assert_eq!(
            second.body,
            r#"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"add","requestState":"a"}}"#
        );
        let repeated = second.repeat(9).close(|_| ());
        assert_eq!(
            repeated.body,
            r#"{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"add","requestState":"a"}}"#
        );
        let third = second.again(3).close(|_| ());
        assert_eq!(third.body, r#"{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"add"}}"#);
    }

    #[test]
    fn arguments_are_an_object_or_absent() {
        let mut message = Message::open(1, "x");
        message.object("a", &()).unwrap();
        message.object("b", &json!({})).unwrap();
        assert!(message.object("c", &[1]).is_err());
        assert_eq!(message.close(|_| ()).body, r#"{"jsonrpc":"2.0","id":1,"method":"x","params":{"b":{}}}"#);
    }

    #[test]
    fn a_value_that_cannot_be_written_leaves_no_trace() {
        let mut message = Message::open(1, "x");
        message.member("good", &1).unwrap();
        let keys = std::collections::HashMap::from([((1, 2), 3)]);
        assert!(message.member("bad", &keys).is_err());
        assert_eq!(
            message.close(|_| ()).body,
            r#"{"jsonrpc":"2.0","id":1,"method":"x","params":{"good":1}}"#
        );
    }
}
