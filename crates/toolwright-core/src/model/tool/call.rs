use serde::{Deserialize, Serialize};

use crate::{
    Raw,
    model::{
        ContentBlock, InputResponses, Meta, RequestMeta, ResultType, TaskMetadata, json::present,
        macros::setters,
    },
};

/// Parameters of `tools/call`.
///
/// # Example
/// ```
/// use serde_json::json;
/// use toolwright_core::model::CallToolParams;
///
/// let params: CallToolParams = serde_json::from_str(r#"{"name": "add", "arguments": {"a": 2, "b": 3}}"#)?;
/// assert_eq!(params, CallToolParams::new("add").arguments(json!({ "a": 2, "b": 3 })));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallToolParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    /// The tool.
    pub name: String,
    /// Its arguments, an object; not parsed here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Raw>,
    /// Asks to run the call as a task, 2025-11-25 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskMetadata>,
    /// Answers to the questions of the round before, from 2026-07-28 on.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub input_responses: Option<InputResponses>,
    /// The state of the round before, from 2026-07-28 on.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub request_state: Option<String>,
}

setters!(CallToolParams {
    into meta: RequestMeta,
    into arguments: Raw,
    set task: TaskMetadata,
    into input_responses: InputResponses,
    into request_state: String,
});

impl CallToolParams {
    /// A call of the tool `name` without arguments.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            meta: None,
            name: name.into(),
            arguments: None,
            task: None,
            input_responses: None,
            request_state: None,
        }
    }
}

/// Result of `tools/call`.
///
/// `structuredContent: null` is a value and is kept apart from none.
///
/// # Example
/// ```
/// use toolwright_core::model::{CallToolResult, ContentBlock};
///
/// let result = CallToolResult::new([ContentBlock::text("no such file")]).is_error(true);
/// assert_eq!(
///     serde_json::to_string(&result)?,
///     r#"{"content":[{"type":"text","text":"no such file"}],"isError":true}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CallToolResult {
    /// What the model reads.
    #[serde(default)]
    pub content: Vec<ContentBlock>,
    /// The result as data, from 2025-06-18 on; before 2026-07-28 an object.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub structured_content: Option<Raw>,
    /// Whether the call failed in a way that the model can read about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_error: Option<bool>,
    /// What kind of result this is, from 2026-07-28 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_type: Option<ResultType>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(CallToolResult {
    into structured_content: Raw,
    set is_error: bool,
    into result_type: ResultType,
    into meta: Meta,
});

impl CallToolResult {
    /// A result with this content.
    pub fn new(content: impl IntoIterator<Item = ContentBlock>) -> Self {
        Self {
            content: content.into_iter().collect(),
            structured_content: None,
            is_error: None,
            result_type: None,
            meta: None,
        }
    }
}
