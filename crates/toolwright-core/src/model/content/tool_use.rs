use serde::{Deserialize, Serialize};

use crate::model::{JsonObject, Meta, macros::setters};

/// The model wants a tool called, from 2025-11-25 on (client/sampling, "Tool Use").
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ToolUseContent {
    /// The name of this use, which its result repeats.
    pub id: String,
    /// The tool.
    pub name: String,
    /// Its arguments.
    pub input: JsonObject,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(ToolUseContent {
    into meta: Meta,
});

impl ToolUseContent {
    /// A use of the tool `name`.
    pub fn new(id: impl Into<String>, name: impl Into<String>, input: JsonObject) -> Self {
        Self { id: id.into(), name: name.into(), input, meta: None }
    }
}
