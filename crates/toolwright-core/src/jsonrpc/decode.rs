use std::{fmt, str};

use serde::{Deserializer as _, de};
use serde_json::{error::Category, value::RawValue};

use super::{Envelope, Malformed, Message, depth, envelope::not_json};

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

/// How much a body may hold before it is refused as malformed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How deep arrays and objects may nest in a message.
    pub depth: usize,
    /// How many messages a batch may have.
    pub batch: usize,
}

impl Limits {
    /// A message nests at most 128 deep, which is what parsers of its parts accept; a batch has at most 1000 messages.
    pub const DEFAULT: Self = Self { depth: 128, batch: 1000 };

    /// Changes how deep a message may nest.
    #[must_use]
    pub const fn depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// Changes how many messages a batch may have.
    #[must_use]
    pub const fn batch(mut self, batch: usize) -> Self {
        self.batch = batch;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What a body turned out to be. Whether batches are allowed is for the caller to decide.
#[derive(Clone, Debug, PartialEq)]
pub enum Incoming<'a> {
    /// One message; also a body, array or not, that is malformed as a whole.
    Single(Result<Message<'a>, Malformed>),
    /// An array of at least one message, each judged on its own.
    Batch(Vec<Result<Message<'a>, Malformed>>),
}

/// Reads a body within the default [`Limits`].
///
/// Never fails, never panics, and uses no stack that grows with the body. A UTF-8 byte order mark in front is skipped. A single
/// message is read without any allocation if its id is an integer, its method has no escapes and it nests at most two deep.
///
/// # Example
/// ```
/// use toolwright_core::jsonrpc::{Fault, Incoming, decode};
///
/// let Incoming::Single(Err(malformed)) = decode(br#"{"jsonrpc":"2.0","id":7,"method":false}"#) else { panic!("malformed") };
/// assert_eq!(malformed.fault, Fault::Invalid);
/// assert_eq!(malformed.id, Some(7.into()));
/// assert_eq!(malformed.message, "`method` must be a string");
/// ```
pub fn decode(body: &[u8]) -> Incoming<'_> {
    decode_within(body, Limits::DEFAULT)
}

/// Reads a body within `limits`; otherwise like [`decode`].
pub fn decode_within(body: &[u8], limits: Limits) -> Incoming<'_> {
    let body = body.strip_prefix(BYTE_ORDER_MARK).unwrap_or(body);
    let text = match str::from_utf8(body) {
        Ok(text) => text.trim_ascii(),
        Err(error) => {
            return Incoming::Single(Err(Malformed::parse(format!(
                "not UTF-8: bad byte at offset {}",
                error.valid_up_to()
            ))));
        }
    };
    if text.is_empty() {
        return Incoming::Single(Err(Malformed::parse("the body is empty; expected a JSON text")));
    }
    if !text.starts_with('[') {
        return Incoming::Single(message(text, limits));
    }
    match items(text, limits) {
        Ok(items) => Incoming::Batch(items.into_iter().map(|item| message(item.get(), limits)).collect()),
        Err(malformed) => Incoming::Single(Err(malformed)),
    }
}

fn message(text: &str, limits: Limits) -> Result<Message<'_>, Malformed> {
    let envelope = Envelope::decode(text)?;
    if depth::exceeds(text, limits.depth) {
        return Err(Malformed {
            id: envelope.id().ok().flatten(),
            response: envelope.is_response(),
            ..Malformed::invalid(format!("the message nests deeper than {} levels", limits.depth))
        });
    }
    envelope.classify()
}

fn items(text: &str, limits: Limits) -> Result<Vec<&RawValue>, Malformed> {
    let mut parser = serde_json::Deserializer::from_str(text);
    let items =
        parser.deserialize_seq(ItemsVisitor(limits.batch)).and_then(|items| parser.end().map(|()| items));
    match items {
        Ok(items) if items.is_empty() => Err(Malformed::invalid("a batch has at least one message")),
        Ok(items) => Ok(items),
        // The only complaint of the visitor, as opposed to the parser, is about the length.
        Err(error) if error.classify() == Category::Data => {
            Err(Malformed::invalid(format!("the batch has more than {} messages", limits.batch)))
        }
        Err(error) => Err(not_json(&error)),
    }
}

struct ItemsVisitor(usize);

impl<'de> de::Visitor<'de> for ItemsVisitor {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at most {} messages", self.0)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut sequence: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            if items.len() == self.0 {
                return Err(de::Error::invalid_length(self.0 + 1, &self));
            }
            items.push(item);
        }
        Ok(items)
    }
}
