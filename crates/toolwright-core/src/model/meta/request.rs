use std::fmt;

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, MapAccess, Visitor},
    ser::SerializeMap,
};

use super::{
    BAGGAGE, CLIENT_CAPABILITIES, CLIENT_INFO, LOG_LEVEL, Meta, MetaKey, PROGRESS_TOKEN, PROTOCOL_VERSION,
    TRACEPARENT, TRACESTATE,
};
use crate::model::{
    ClientCapabilities, Implementation, LoggingLevel, ProgressToken, ProtocolVersion, macros::setters,
    tagged::Key,
};

/// The `_meta` of a request, with the members that every request of 2026-07-28 carries decoded in one pass.
///
/// A reserved member that is absent is `None`; one that is there but malformed, `null` included, fails the decoding with an
/// error that names it. Nothing is demanded here: which members must be there is for the revision to say.
///
/// # Example
/// ```
/// use toolwright_core::model::RequestMeta;
///
/// let meta: RequestMeta = serde_json::from_str(r#"{"progressToken": 3, "com.example/x": true}"#)?;
/// assert_eq!(meta.progress_token, Some(3.into()));
/// assert_eq!(meta.other.get("com.example/x"), Some(&true.into()));
///
/// let error = serde_json::from_str::<RequestMeta>(r#"{"progressToken": []}"#).unwrap_err();
/// assert!(error.to_string().starts_with("malformed `progressToken` in `_meta`: invalid type: sequence"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct RequestMeta {
    /// The protocol version of this request.
    pub protocol_version: Option<ProtocolVersion>,
    /// What the client can do, declared for this request.
    pub client_capabilities: Option<ClientCapabilities>,
    /// Who the client says it is; for display and logs only.
    pub client_info: Option<Implementation>,
    /// The least level of log messages that this request wants.
    pub log_level: Option<LoggingLevel>,
    /// The token under which progress is reported.
    pub progress_token: Option<ProgressToken>,
    /// W3C Trace Context: the position in the trace.
    pub traceparent: Option<String>,
    /// W3C Trace Context: what vendors add.
    pub tracestate: Option<String>,
    /// W3C Baggage.
    pub baggage: Option<String>,
    /// All other members.
    pub other: Meta,
}

impl RequestMeta {
    /// No members.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a member that has no field of its own here.
    #[must_use]
    pub fn member(mut self, key: impl Into<String>, value: impl Into<serde_json::Value>) -> Self {
        self.other.insert(key, value);
        self
    }
}

setters!(RequestMeta {
    into protocol_version: ProtocolVersion,
    set client_capabilities: ClientCapabilities,
    set client_info: Implementation,
    set log_level: LoggingLevel,
    into progress_token: ProgressToken,
    into traceparent: String,
    into tracestate: String,
    into baggage: String,
});

impl Serialize for RequestMeta {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        write(&mut map, PROTOCOL_VERSION, &self.protocol_version)?;
        write(&mut map, CLIENT_CAPABILITIES, &self.client_capabilities)?;
        write(&mut map, CLIENT_INFO, &self.client_info)?;
        write(&mut map, LOG_LEVEL, &self.log_level)?;
        write(&mut map, PROGRESS_TOKEN, &self.progress_token)?;
        write(&mut map, TRACEPARENT, &self.traceparent)?;
        write(&mut map, TRACESTATE, &self.tracestate)?;
        write(&mut map, BAGGAGE, &self.baggage)?;
        for (key, value) in self.other.iter() {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

fn write<M: SerializeMap, T: Serialize>(
    map: &mut M,
    key: MetaKey<T>,
    value: &Option<T>,
) -> Result<(), M::Error> {
    value.as_ref().map_or(Ok(()), |value| map.serialize_entry(key.as_str(), value))
}

impl<'de> Deserialize<'de> for RequestMeta {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RequestMetaVisitor)
    }
}

struct RequestMetaVisitor;

impl<'de> Visitor<'de> for RequestMetaVisitor {
    type Value = RequestMeta;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RequestMeta, A::Error> {
        let mut meta = RequestMeta::default();
        while let Some(Key(key)) = map.next_key()? {
            match &*key {
                key if key == PROTOCOL_VERSION.as_str() => {
                    read(&mut map, PROTOCOL_VERSION, &mut meta.protocol_version)?
                }
                key if key == CLIENT_CAPABILITIES.as_str() => {
                    read(&mut map, CLIENT_CAPABILITIES, &mut meta.client_capabilities)?;
                }
                key if key == CLIENT_INFO.as_str() => read(&mut map, CLIENT_INFO, &mut meta.client_info)?,
                key if key == LOG_LEVEL.as_str() => read(&mut map, LOG_LEVEL, &mut meta.log_level)?,
                key if key == PROGRESS_TOKEN.as_str() => {
                    read(&mut map, PROGRESS_TOKEN, &mut meta.progress_token)?
                }
                key if key == TRACEPARENT.as_str() => read(&mut map, TRACEPARENT, &mut meta.traceparent)?,
                key if key == TRACESTATE.as_str() => read(&mut map, TRACESTATE, &mut meta.tracestate)?,
                key if key == BAGGAGE.as_str() => read(&mut map, BAGGAGE, &mut meta.baggage)?,
                _ => {
                    let value: serde_json::Value = map.next_value()?;
                    meta.other.insert(key.into_owned(), value);
                }
            }
        }
        Ok(meta)
    }
}

fn read<'de, A, T>(map: &mut A, key: MetaKey<T>, field: &mut Option<T>) -> Result<(), A::Error>
where
    A: MapAccess<'de>,
    T: Deserialize<'de>,
{
    let value = map.next_value();
    *field = Some(value.map_err(|reason| {
        A::Error::custom(format_args!("malformed `{}` in `_meta`: {reason}", key.as_str()))
    })?);
    Ok(())
}
