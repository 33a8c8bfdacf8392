use serde::{Deserialize, Serialize};

use super::{
    CacheScope, Meta, ProtocolVersion, ResultType, ServerCapabilities, cache::cacheable, macros::setters,
};

/// Result of `server/discover`, from 2026-07-28 on (server/discover).
///
/// Name and version of the server stand in `_meta`, under [`SERVER_INFO`](super::meta::SERVER_INFO).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DiscoverResult {
    /// The protocol versions served.
    pub supported_versions: Vec<ProtocolVersion>,
    /// What the server can do.
    pub capabilities: ServerCapabilities,
    /// How to use the server, for the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// For how many milliseconds it is fresh.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl_ms: Option<u64>,
    /// Who may share a cached copy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_scope: Option<CacheScope>,
    /// What kind of result this is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_type: Option<ResultType>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(DiscoverResult {
    into instructions: String,
    set ttl_ms: u64,
    set cache_scope: CacheScope,
    into result_type: ResultType,
    into meta: Meta,
});

impl DiscoverResult {
    /// A server of these versions and capabilities.
    pub fn new(
        supported_versions: impl IntoIterator<Item = impl Into<ProtocolVersion>>,
        capabilities: ServerCapabilities,
    ) -> Self {
        Self {
            supported_versions: supported_versions.into_iter().map(Into::into).collect(),
            capabilities,
            ..Self::default()
        }
    }
}

cacheable!(DiscoverResult);
