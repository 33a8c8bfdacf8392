use std::{borrow::Cow, fmt};

use serde::{Deserialize, Deserializer, de};
use serde_json::{error::Category, value::RawValue};

use super::{Id, Malformed, Message, RpcError};

/// The members of a message, found in one pass over its text and not yet understood.
///
/// Values stay the text they are. A member given twice counts with its last value, unknown members are skipped. An envelope
/// says nothing about whether the members fit together; [`Envelope::classify`] does.
///
/// # Example
/// ```
/// use toolwright_core::jsonrpc::Envelope;
///
/// let envelope = Envelope::decode(r#"{"jsonrpc":"2.0","id":1,"method":"ping","extra":[]}"#).unwrap();
/// assert_eq!(envelope.id().unwrap(), Some(1.into()));
/// assert_eq!(envelope.method().unwrap().as_deref(), Some("ping"));
/// assert!(envelope.params.is_none());
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[non_exhaustive]
pub struct Envelope<'a> {
    /// `jsonrpc`, which must be `"2.0"`.
    pub jsonrpc: Option<&'a RawValue>,
    /// `id`; `null` is a value, too.
    pub id: Option<&'a RawValue>,
    /// `method`.
    pub method: Option<&'a RawValue>,
    /// `params`.
    pub params: Option<&'a RawValue>,
    /// `result`.
    pub result: Option<&'a RawValue>,
    /// `error`.
    pub error: Option<&'a RawValue>,
}

impl<'a> Envelope<'a> {
    /// Finds the members in the text of one message.
    ///
    /// # Errors
    /// When the text is not JSON, or not an object.
    pub fn decode(text: &'a str) -> Result<Self, Malformed> {
        let mut parser = serde_json::Deserializer::from_str(text);
        let envelope = Self::deserialize(&mut parser).and_then(|envelope| parser.end().map(|()| envelope));
        envelope.map_err(|error| match error.classify() {
            // The type is judged at the first byte; only the rest tells whether it is JSON at all.
            Category::Data => match serde_json::from_str::<de::IgnoredAny>(text) {
                Ok(_) => Malformed::invalid("a message must be a JSON object"),
                Err(error) => not_json(&error),
            },
            _ => not_json(&error),
        })
    }

    /// The id, if there is one. It costs an allocation only if it is a string.
    ///
    /// # Errors
    /// When it is neither a string nor an integer.
    pub fn id(&self) -> Result<Option<Id>, Malformed> {
        self.id
            .map(|id| serde_json::from_str(id.get()))
            .transpose()
            .map_err(|_| Malformed::invalid("`id` must be a string or an integer of at most 64 bits"))
    }

    /// The method, if there is one. It costs an allocation only if it is written with escapes.
    ///
    /// # Errors
    /// When it is no string.
    pub fn method(&self) -> Result<Option<Cow<'a, str>>, Malformed> {
        self.method
            .map(|method| string(method).ok_or_else(|| Malformed::invalid("`method` must be a string")))
            .transpose()
    }

    /// Which message the members make.
    ///
    /// # Errors
    /// When they make none. The error carries the id whenever that could be read.
    pub fn classify(&self) -> Result<Message<'a>, Malformed> {
        let id = self.id();
        self.message(&id).map_err(|malformed| Malformed {
            id: id.ok().flatten(),
            response: self.is_response(),
            ..malformed
        })
    }

    /// Whether this was meant as a response.
    pub(super) fn is_response(&self) -> bool {
        self.method.is_none() && (self.result.is_some() || self.error.is_some())
    }

    fn message(&self, id: &Result<Option<Id>, Malformed>) -> Result<Message<'a>, Malformed> {
        match self.jsonrpc.map(string) {
            Some(Some(version)) if version == "2.0" => {}
            Some(_) => return Err(Malformed::invalid("`jsonrpc` must be \"2.0\"")),
            None => return Err(Malformed::invalid("`jsonrpc` is missing; it must be \"2.0\"")),
        }
        match (self.method()?, self.result, self.error) {
            (Some(_), Some(_), _) | (Some(_), _, Some(_)) => {
                Err(Malformed::invalid("a message with a `method` has neither `result` nor `error`"))
            }
            (Some(method), None, None) => {
                let params = self.params()?;
                Ok(match id.clone()? {
                    Some(id) => Message::Request { id, method, params },
                    None => Message::Notification { method, params },
                })
            }
            (None, Some(_), Some(_)) => {
                Err(Malformed::invalid("a response has `result` or `error`, not both"))
            }
            (None, Some(result), None) => {
                let id = id
                    .clone()?
                    .ok_or_else(|| Malformed::invalid("a response with a `result` needs an `id`"))?;
                Ok(Message::Response { id: Some(id), outcome: Ok(result) })
            }
            (None, None, Some(error)) => {
                let error = serde_json::from_str::<RpcError>(error.get()).map_err(|_| {
                    Malformed::invalid(
                        "`error` must be an object with an integer `code` and a string `message`",
                    )
                })?;
                let null = self.id.is_some_and(|id| id.get() == "null");
                Ok(Message::Response { id: if null { None } else { id.clone()? }, outcome: Err(error) })
            }
            (None, None, None) => {
                Err(Malformed::invalid("a message has a `method`, a `result` or an `error`"))
            }
        }
    }

    fn params(&self) -> Result<Option<&'a RawValue>, Malformed> {
        match self.params {
            Some(params) if params.get().starts_with('{') => Ok(Some(params)),
            Some(_) => Err(Malformed::invalid("`params` must be an object, or be left out")),
            None => Ok(None),
        }
    }
}

pub(super) fn not_json(error: &serde_json::Error) -> Malformed {
    Malformed::parse(match error.classify() {
        Category::Eof => format!("the JSON text ends too early: {error}"),
        _ => format!("not JSON: {error}"),
    })
}

/// The text of a JSON string, borrowed where nothing in it is escaped.
fn string(raw: &RawValue) -> Option<Cow<'_, str>> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        serde_json::from_str(raw.get()).ok().map(Cow::Owned)
    } else {
        Some(Cow::Borrowed(inner))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Envelope<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EnvelopeVisitor)
    }
}

struct EnvelopeVisitor;

impl<'de> de::Visitor<'de> for EnvelopeVisitor {
    type Value = Envelope<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut envelope = Envelope::default();
        while let Some(member) = members.next_key::<Member>()? {
            let slot = match member {
                Member::Jsonrpc => &mut envelope.jsonrpc,
                Member::Id => &mut envelope.id,
                Member::Method => &mut envelope.method,
                Member::Params => &mut envelope.params,
                Member::Result => &mut envelope.result,
                Member::Error => &mut envelope.error,
                Member::Unknown => {
                    members.next_value::<de::IgnoredAny>()?;
                    continue;
                }
            };
            *slot = Some(members.next_value()?);
        }
        Ok(envelope)
    }
}

#[derive(Deserialize)]
#[serde(field_identifier, rename_all = "lowercase")]
enum Member {
    Jsonrpc,
    Id,
    Method,
    Params,
    Result,
    Error,
    #[serde(other)]
    Unknown,
}
