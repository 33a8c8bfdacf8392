use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::ContentBlock;
use crate::model::{Meta, json::present, macros::setters};

/// What a tool answered to the model, from 2025-11-25 on (client/sampling, "Tool Use").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ToolResultContent {
    /// The use that it answers.
    pub tool_use_id: String,
    /// What the model reads.
    pub content: Vec<ContentBlock>,
    /// The result as data.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub structured_content: Option<Value>,
    /// Whether the call failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_error: Option<bool>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(ToolResultContent {
    into structured_content: Value,
    set is_error: bool,
    into meta: Meta,
});

impl ToolResultContent {
    /// The answer to the use `tool_use_id`.
    pub fn new(tool_use_id: impl Into<String>, content: impl IntoIterator<Item = ContentBlock>) -> Self {
        Self {
            tool_use_id: tool_use_id.into(),
            content: content.into_iter().collect(),
            structured_content: None,
            is_error: None,
            meta: None,
        }
    }
}
