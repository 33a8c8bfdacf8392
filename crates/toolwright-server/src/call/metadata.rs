use std::{
    fmt,
    sync::{LazyLock, OnceLock},
};

use bytes::Bytes;
use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, MapAccess, Visitor},
};
use serde_json::value::RawValue;
use toolwright_core::model::{
    ClientCapabilities, Icon, LoggingLevel, ProgressToken, ProtocolVersion, RequestMeta,
    meta::{
        BAGGAGE, CLIENT_CAPABILITIES, CLIENT_INFO, LOG_LEVEL, PROGRESS_TOKEN, PROTOCOL_VERSION, TRACEPARENT,
        TRACESTATE,
    },
};

use super::head::Text;
use crate::component::VERSION_KEY;

/// `_meta` of a message: what the engine itself looks at, and the rest in its own text until a handler asks for it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Metadata {
    pub(crate) protocol_version: Option<ProtocolVersion>,
    pub(crate) client_capabilities: Option<Capabilities>,
    pub(crate) log_level: Option<LoggingLevel>,
    pub(crate) progress_token: Option<ProgressToken>,
    /// The version of the component that is asked for.
    pub(crate) pinned: Option<String>,
    /// The text of `params`.
    params: Bytes,
    whole: OnceLock<Box<RequestMeta>>,
}

impl Metadata {
    pub(super) fn new(glance: Glance, params: Bytes) -> Self {
        Self {
            protocol_version: glance.protocol_version,
            client_capabilities: glance.client_capabilities,
            log_level: glance.log_level,
            progress_token: glance.progress_token,
            pinned: glance.pinned,
            params,
            whole: OnceLock::new(),
        }
    }

    /// The same as a part of `params`, which have this text.
    pub(super) fn part_of(mut self, params: Bytes) -> Self {
        self.params = params;
        self
    }

    /// The text of `params`; nothing where there was none.
    pub(crate) fn params(&self) -> &[u8] {
        &self.params
    }

    /// All of it, read at the first call.
    pub(crate) fn whole(&self) -> &RequestMeta {
        #[derive(Default, Deserialize)]
        struct Params {
            #[serde(default, rename = "_meta")]
            meta: RequestMeta,
        }

        self.whole.get_or_init(|| {
            let Params { mut meta } = serde_json::from_slice(&self.params).unwrap_or_default();
            meta.progress_token.clone_from(&self.progress_token);
            Box::new(meta)
        })
    }

    /// The same for a call that the server makes to itself: progress must increase, and only the outer call knows of how much.
    pub(crate) fn nested(&self) -> Self {
        let mut nested = self.clone();
        nested.progress_token = None;
        if let Some(whole) = nested.whole.get_mut() {
            whole.progress_token = None;
        }
        nested
    }
}

impl From<RequestMeta> for Metadata {
    fn from(meta: RequestMeta) -> Self {
        let pinned = meta.other.get(VERSION_KEY).and_then(|value| value.as_str());
        Self {
            protocol_version: meta.protocol_version.clone(),
            client_capabilities: meta.client_capabilities.clone().map(Into::into),
            log_level: meta.log_level,
            progress_token: meta.progress_token.clone(),
            pinned: pinned.map(str::to_owned),
            params: Bytes::new(),
            whole: Box::new(meta).into(),
        }
    }
}

/// What [`Metadata`] keeps. Reading it accepts nothing that [`RequestMeta`] refuses, and copies little.
#[derive(Default)]
pub(super) struct Glance {
    protocol_version: Option<ProtocolVersion>,
    client_capabilities: Option<Capabilities>,
    log_level: Option<LoggingLevel>,
    progress_token: Option<ProgressToken>,
    pinned: Option<String>,
}

/// What a client declared, in a box because it is large and every request is moved several times. Nothing needs no box.
#[derive(Clone, Debug)]
pub(crate) struct Capabilities(Option<Box<ClientCapabilities>>);

impl Capabilities {
    /// All of it.
    pub(crate) fn get(&self) -> &ClientCapabilities {
        static NOTHING: LazyLock<ClientCapabilities> = LazyLock::new(ClientCapabilities::default);
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

impl From<ClientCapabilities> for Capabilities {
    fn from(declared: ClientCapabilities) -> Self {
        Self((declared != ClientCapabilities::default()).then(|| Box::new(declared)))
    }
}

impl<'de> Deserialize<'de> for Capabilities {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match <&RawValue>::deserialize(deserializer)?.get() {
            // Most clients declare nothing, and only a glance is meant.
            "{}" => Ok(Self(None)),
            text => match serde_json::from_str::<ClientCapabilities>(text) {
                Ok(declared) => Ok(declared.into()),
                Err(error) => Err(D::Error::custom(error)),
            },
        }
    }
}

/// The members of an implementation, looked at and not kept.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only whether they can be read matters")]
struct Info<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    #[serde(borrow)]
    version: Text<'a>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    website_url: Option<Text<'a>>,
    icons: Option<Vec<Icon>>,
}

/// A string, or anything else.
#[derive(Deserialize)]
#[serde(untagged)]
enum Version {
    Text(String),
    Other(IgnoredAny),
}

impl<'de> Deserialize<'de> for Glance {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(GlanceVisitor)
    }
}

struct GlanceVisitor;

impl<'de> Visitor<'de> for GlanceVisitor {
    type Value = Glance;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Glance, A::Error> {
        let mut glance = Glance::default();
        while let Some(Text(key)) = members.next_key()? {
            match &*key {
                key if key == PROTOCOL_VERSION.as_str() => {
                    glance.protocol_version = Some(members.next_value()?)
                }
                key if key == CLIENT_CAPABILITIES.as_str() => {
                    glance.client_capabilities = Some(members.next_value()?);
                }
                key if key == CLIENT_INFO.as_str() => drop(members.next_value::<Info<'_>>()?),
                key if key == LOG_LEVEL.as_str() => glance.log_level = Some(members.next_value()?),
                key if key == PROGRESS_TOKEN.as_str() => glance.progress_token = Some(members.next_value()?),
                key if [TRACEPARENT, TRACESTATE, BAGGAGE].iter().any(|known| key == known.as_str()) => {
                    drop(members.next_value::<Text<'_>>()?);
                }
                VERSION_KEY => {
                    glance.pinned = match members.next_value()? {
                        Version::Text(version) => Some(version),
                        Version::Other(_) => None,
                    };
                }
                _ => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(glance)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn metadata(params: &serde_json::Value) -> Metadata {
        let glance = serde_json::from_str(&params["_meta"].to_string()).unwrap();
        Metadata::new(glance, params.to_string().into())
    }

    #[test]
    fn what_a_handler_asks_for_is_what_the_client_sent() {
        let meta = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": { "sampling": {} },
            "io.modelcontextprotocol/clientInfo": { "name": "c", "version": "1", "icons": [{ "src": "https://x" }], "x": 1 },
            "io.modelcontextprotocol/logLevel": "error",
            "progressToken": "p",
            "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            "com.example/x": [1.5],
            VERSION_KEY: "2",
        });
        let read = metadata(&json!({ "name": "t", "_meta": meta }));
        let whole: RequestMeta = serde_json::from_value(meta).unwrap();
        assert_eq!(read.whole(), &whole);
        assert_eq!(
            read.client_capabilities.as_ref().map(Capabilities::get),
            whole.client_capabilities.as_ref()
        );
        assert_eq!((read.log_level, &read.progress_token), (whole.log_level, &whole.progress_token));
        assert_eq!(read.pinned.as_deref(), Some("2"));
        assert_eq!(Metadata::from(whole.clone()).whole(), &whole);
        assert_eq!(Metadata::default().whole(), &RequestMeta::default());
    }

    #[test]
    fn a_nested_call_has_no_progress_of_its_own() {
        let read = metadata(&json!({ "_meta": { "progressToken": 1 } }));
        assert_eq!(read.nested().whole().progress_token, None);
        assert_eq!(read.whole().progress_token, Some(1.into()));
        assert_eq!(read.nested().whole().progress_token, None);
    }

    #[test]
    fn what_the_model_refuses_is_refused_at_a_glance() {
        for (member, value) in [
            ("io.modelcontextprotocol/protocolVersion", json!(null)),
            ("io.modelcontextprotocol/clientCapabilities", json!([])),
            ("io.modelcontextprotocol/clientInfo", json!({ "name": "c" })),
            ("io.modelcontextprotocol/clientInfo", json!({ "name": "c", "version": 1 })),
            ("io.modelcontextprotocol/clientInfo", json!({ "name": "c", "version": "1", "icons": [{}] })),
            ("io.modelcontextprotocol/clientInfo", json!(null)),
            ("io.modelcontextprotocol/logLevel", json!("loud")),
            ("progressToken", json!(1.5)),
            ("traceparent", json!(1)),
            ("baggage", json!(null)),
        ] {
            let meta = json!({ member: value }).to_string();
            assert!(serde_json::from_str::<RequestMeta>(&meta).is_err(), "{meta}");
            assert!(serde_json::from_str::<Glance>(&meta).is_err(), "{meta}");
        }
    }
}
