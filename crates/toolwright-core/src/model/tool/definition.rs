use serde::{Deserialize, Serialize};

use super::ToolAnnotations;
use crate::{
    Raw,
    model::{Icon, Meta, macros::setters},
};

/// A tool as `tools/list` shows it.
///
/// Both schemas are kept verbatim, so that no keyword is lost.
///
/// # Example
/// ```
/// use serde_json::json;
/// use toolwright_core::model::{Tool, ToolAnnotations};
///
/// let tool = Tool::new("add", json!({ "type": "object" }))
///     .description("Add two numbers.")
///     .annotations(ToolAnnotations::new().read_only_hint(true));
/// let written = serde_json::to_value(&tool)?;
/// assert_eq!(written["inputSchema"], json!({ "type": "object" }));
/// assert_eq!(written["annotations"]["readOnlyHint"], true);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Tool {
    /// The name for programs.
    pub name: String,
    /// The name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it does, for the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The JSON Schema of its arguments, an object schema.
    pub input_schema: Raw,
    /// The JSON Schema of its structured content, from 2025-06-18 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub output_schema: Option<Raw>,
    /// Hints about what it does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annotations: Option<ToolAnnotations>,
    /// How it is run, 2025-11-25 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execution: Option<ToolExecution>,
    /// Its icons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icons: Option<Vec<Icon>>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(Tool {
    into title: String,
    into description: String,
    into output_schema: Raw,
    set annotations: ToolAnnotations,
    set execution: ToolExecution,
    list icons: Icon,
    into meta: Meta,
});

impl Tool {
    /// A tool called `name` that takes arguments of `input_schema`.
    pub fn new(name: impl Into<String>, input_schema: impl Into<Raw>) -> Self {
        Self {
            name: name.into(),
            title: None,
            description: None,
            input_schema: input_schema.into(),
            output_schema: None,
            annotations: None,
            execution: None,
            icons: None,
            meta: None,
        }
    }
}

/// How a tool is run, 2025-11-25 only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ToolExecution {
    /// Whether a call may become a task; absent means forbidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task_support: Option<TaskSupport>,
}

setters!(ToolExecution {
    set task_support: TaskSupport,
});

impl ToolExecution {
    /// Nothing said.
    pub fn new() -> Self {
        Self::default()
    }
}

/// Whether a call of a tool may become a task, 2025-11-25 only (basic/utilities/tasks).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskSupport {
    /// It never does.
    Forbidden,
    /// The client chooses.
    Optional,
    /// It always does.
    Required,
}
