use serde::{Deserialize, Serialize};

use crate::model::{Meta, RequestMeta, macros::setters};

/// Parameters of `resources/subscribe`, before 2026-07-28.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SubscribeParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    /// The resource to watch.
    pub uri: String,
}

setters!(SubscribeParams {
    into meta: RequestMeta,
});

impl SubscribeParams {
    /// Watches the resource at `uri`.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { meta: None, uri: uri.into() }
    }
}

/// Parameters of `resources/unsubscribe`, before 2026-07-28.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UnsubscribeParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    /// The resource to watch no longer.
    pub uri: String,
}

setters!(UnsubscribeParams {
    into meta: RequestMeta,
});

impl UnsubscribeParams {
    /// Watches the resource at `uri` no longer.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { meta: None, uri: uri.into() }
    }
}

/// Parameters of `notifications/resources/updated`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceUpdatedParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
    /// The resource that changed, which may be a part of the one watched.
    pub uri: String,
}

setters!(ResourceUpdatedParams {
    into meta: Meta,
});

impl ResourceUpdatedParams {
    /// The resource at `uri` changed.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { meta: None, uri: uri.into() }
    }
}
