use serde::{Deserialize, Serialize};

use super::{Meta, RequestMeta, macros::setters};

/// Parameters of a request that takes none but `_meta`: `ping`, `server/discover`, `roots/list`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RequestParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
}

setters!(RequestParams {
    into meta: RequestMeta,
});

impl RequestParams {
    /// No members.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Parameters of a notification that has none but `_meta`, such as `notifications/initialized` and all `list_changed`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotificationParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(NotificationParams {
    into meta: Meta,
});

impl NotificationParams {
    /// No members.
    pub fn new() -> Self {
        Self::default()
    }
}
