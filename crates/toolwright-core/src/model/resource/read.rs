use serde::{Deserialize, Serialize};

use super::ResourceContents;
use crate::model::{
    CacheScope, InputResponses, Meta, RequestMeta, ResultType, cache::cacheable, json::present,
    macros::setters,
};

/// Parameters of `resources/read`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReadResourceParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    /// The resource.
    pub uri: String,
    /// Answers to the questions of the round before, from 2026-07-28 on.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub input_responses: Option<InputResponses>,
    /// The state of the round before, from 2026-07-28 on.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub request_state: Option<String>,
}

setters!(ReadResourceParams {
    into meta: RequestMeta,
    into input_responses: InputResponses,
    into request_state: String,
});

impl ReadResourceParams {
    /// Reads the resource at `uri`.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { meta: None, uri: uri.into(), input_responses: None, request_state: None }
    }
}

/// Result of `resources/read`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ReadResourceResult {
    /// The contents, several if the resource has parts.
    pub contents: Vec<ResourceContents>,
    /// For how many milliseconds it is fresh, from 2026-07-28 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl_ms: Option<u64>,
    /// Who may share a cached copy, from 2026-07-28 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_scope: Option<CacheScope>,
    /// What kind of result this is, from 2026-07-28 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_type: Option<ResultType>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(ReadResourceResult {
    set ttl_ms: u64,
    set cache_scope: CacheScope,
    into result_type: ResultType,
    into meta: Meta,
});

impl ReadResourceResult {
    /// A result with these contents.
    pub fn new(contents: impl IntoIterator<Item = ResourceContents>) -> Self {
        Self { contents: contents.into_iter().collect(), ..Self::default() }
    }
}

cacheable!(ReadResourceResult);
