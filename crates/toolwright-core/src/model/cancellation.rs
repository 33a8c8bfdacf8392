use serde::{Deserialize, Serialize};

use super::{Meta, macros::setters};
use crate::jsonrpc::Id;

/// Parameters of `notifications/cancelled`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CancelledParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
    /// The request to cancel; 2025-11-25 lets it be absent where a task is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_id: Option<Id>,
    /// Why, for logs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl CancelledParams {
    /// Cancels the request `request_id`.
    pub fn new(request_id: impl Into<Id>) -> Self {
        Self { request_id: Some(request_id.into()), ..Self::default() }
    }
}

setters!(CancelledParams {
    into meta: Meta,
    into reason: String,
});
