use serde::de::DeserializeOwned;
use toolwright_core::{
    Raw,
    model::{CallToolResult, ContentBlock, Meta},
};

use super::data;
use crate::ClientError;

/// What a tool answered.
#[derive(Clone, Debug, PartialEq)]
pub struct CallOutcome {
    tool: Box<str>,
    result: CallToolResult,
    wrapped: Option<bool>,
}

impl CallOutcome {
    pub(super) fn new(tool: Box<str>, result: CallToolResult, wrapped: Option<bool>) -> Self {
        Self { tool, result, wrapped }
    }

    /// The answer as a `T`: the structured content if there is any, else the text.
    ///
    /// A value that the server had to wrap as `{"result": ..}` is unwrapped: if the tool's schema or the result says so, or, as
    /// long as the client has not [listed](crate::Client::tools) the tool, if only that makes it a `T`. Text is read as a plain
    /// string where a string is wanted, and as JSON otherwise.
    ///
    /// # Errors
    /// [`ClientError::Decode`] when the answer is no `T`.
    pub fn data<T: DeserializeOwned>(&self) -> Result<T, ClientError> {
        let read = match &self.result.structured_content {
            Some(structured) => {
                let flagged = data::flagged(self.result.meta.as_ref());
                data::structured(structured, if flagged { Some(true) } else { self.wrapped })
            }
            None => data::text(&self.text()),
        };
        read.map_err(|error| ClientError::decode(format!("the answer of tool `{}`", self.tool), error))
    }

    /// All text blocks, one below the other.
    pub fn text(&self) -> String {
        let texts: Vec<_> = self.result.content.iter().filter_map(ContentBlock::as_text).collect();
        texts.join("\n")
    }

    /// The content blocks.
    pub fn content(&self) -> &[ContentBlock] {
        &self.result.content
    }

    /// The structured content as it came.
    pub fn structured(&self) -> Option<&Raw> {
        self.result.structured_content.as_ref()
    }

    /// The `_meta` of the result.
    pub fn meta(&self) -> Option<&Meta> {
        self.result.meta.as_ref()
    }

    /// Whether the tool reports a failure.
    pub fn is_error(&self) -> bool {
        self.result.is_error == Some(true)
    }

    /// The whole result.
    pub fn into_result(self) -> CallToolResult {
        self.result
    }

    pub(super) fn checked(self) -> Result<Self, ClientError> {
        if self.is_error() { Err(ToolError(Box::new(self)).into()) } else { Ok(self) }
    }
}

/// A tool ran and reports a failure (`isError`): something its caller may be able to act on.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("tool `{}` failed: {}", .0.tool, .0.text())]
pub struct ToolError(Box<CallOutcome>);

impl ToolError {
    /// The tool.
    pub fn tool(&self) -> &str {
        &self.0.tool
    }

    /// What the tool says.
    pub fn text(&self) -> String {
        self.0.text()
    }

    /// The whole answer.
    pub fn outcome(&self) -> &CallOutcome {
        &self.0
    }
}
