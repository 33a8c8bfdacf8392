use serde::{Deserialize, Serialize};

use super::{RequestMeta, macros::setters};

/// Parameters of every `list` request (server/utilities/pagination).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ListParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    /// The `nextCursor` of the page before; an empty string is a cursor, too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
}

setters!(ListParams {
    into meta: RequestMeta,
    into cursor: String,
});

impl ListParams {
    /// The first page.
    pub fn new() -> Self {
        Self::default()
    }
}
