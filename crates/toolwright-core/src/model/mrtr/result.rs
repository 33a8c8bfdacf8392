use serde::{Deserialize, Serialize};

use super::InputRequests;
use crate::model::{Meta, ResultType, macros::setters};

/// Result of a request that needs answers first, from 2026-07-28 on.
///
/// At least one of the two members is there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InputRequiredResult {
    /// Always [`ResultType::InputRequired`].
    pub result_type: ResultType,
    /// The questions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_requests: Option<InputRequests>,
    /// What the client sends back with the answers, unread and unchanged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request_state: Option<String>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(InputRequiredResult {
    into input_requests: InputRequests,
    into request_state: String,
    into meta: Meta,
});

impl InputRequiredResult {
    /// Needs answers first.
    pub fn new() -> Self {
        Self { result_type: ResultType::InputRequired, input_requests: None, request_state: None, meta: None }
    }
}

impl Default for InputRequiredResult {
    fn default() -> Self {
        Self::new()
    }
}
