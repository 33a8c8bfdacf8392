use std::io::Write as _;

use serde_json::{Map, Value};
use toolwright_core::{
    era::Revision,
    model::{ClientCapabilities, Implementation, LoggingLevel, meta},
};

/// What stands in `_meta` of every request, written once ("`_meta`": every modern request declares version, capabilities and
/// client).
#[derive(Clone, Debug)]
pub(crate) struct BaseMeta {
    members: Vec<u8>,
    stateless: bool,
}

impl BaseMeta {
    pub(crate) fn stateless(
        revision: Revision,
        capabilities: &ClientCapabilities,
        info: &Implementation,
    ) -> Self {
        let mut members = Vec::new();
        let mut map = Map::new();
        let mut put = |key: &str, value: serde_json::Result<Value>| {
            map.insert(key.to_owned(), value.expect("a model type can always be written as JSON"));
        };
        put(meta::PROTOCOL_VERSION.as_str(), serde_json::to_value(revision));
        put(meta::CLIENT_CAPABILITIES.as_str(), serde_json::to_value(capabilities));
        put(meta::CLIENT_INFO.as_str(), serde_json::to_value(info));
        serde_json::to_writer(&mut members, &map).expect("a JSON value can always be written");
        // Without the braces, so that more members can follow.
        members.pop();
        members.remove(0);
        Self { members, stateless: true }
    }

    pub(crate) fn session() -> Self {
        Self { members: Vec::new(), stateless: false }
    }

    /// Appends the `_meta` member of one request, or nothing if it would be empty.
    pub(crate) fn write(&self, buffer: &mut Vec<u8>, extra: &Extra<'_>) {
        let level = extra.level.filter(|_| self.stateless);
        if self.members.is_empty() && extra.token.is_none() && extra.members.is_none() {
            return;
        }
        buffer.extend_from_slice(br#""_meta":{"#);
        let start = buffer.len();
        buffer.extend_from_slice(&self.members);
        if let Some(level) = level {
            comma(buffer, start);
            let _ = write!(buffer, "\"{}\":\"{}\"", meta::LOG_LEVEL.as_str(), level.as_str());
        }
        if let Some(token) = extra.token {
            comma(buffer, start);
            let _ = write!(buffer, r#""progressToken":{token}"#);
        }
        for (key, value) in extra.members.into_iter().flatten() {
            comma(buffer, start);
            let _ = serde_json::to_writer(&mut *buffer, key);
            buffer.push(b':');
            let _ = serde_json::to_writer(&mut *buffer, value);
        }
        buffer.push(b'}');
    }
}

fn comma(buffer: &mut Vec<u8>, start: usize) {
    if buffer.len() > start {
        buffer.push(b',');
    }
}

/// What one request adds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extra<'a> {
    pub(crate) level: Option<LoggingLevel>,
    pub(crate) token: Option<i64>,
    pub(crate) members: Option<&'a Map<String, Value>>,
}

impl Extra<'_> {
    /// Nothing.
    pub(crate) const NONE: Extra<'static> = Extra { level: None, token: None, members: None };
}

/// Whether the client itself writes `key`, so that nobody else may.
pub(crate) fn is_own(key: &str) -> bool {
    [
        meta::PROTOCOL_VERSION.as_str(),
        meta::CLIENT_CAPABILITIES.as_str(),
        meta::CLIENT_INFO.as_str(),
        meta::LOG_LEVEL.as_str(),
        meta::PROGRESS_TOKEN.as_str(),
    ]
    .contains(&key)
}
