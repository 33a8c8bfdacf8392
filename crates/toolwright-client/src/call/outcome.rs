use bytes::Bytes;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::value::RawValue;
use toolwright_core::{
    Raw,
    model::{CallToolResult, ContentBlock, Meta},
};

use super::data;
use crate::{ClientError, request::Reply};

/// What a tool answered.
#[derive(Clone, Debug, PartialEq)]
pub struct CallOutcome {
    tool: Box<str>,
    content: Vec<ContentBlock>,
    structured: Option<Bytes>,
    meta: Option<Bytes>,
    is_error: bool,
    wrapped: Option<bool>,
}

/// The result as it is read first: what only some callers look at stays text in the buffer it came in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Light<'a> {
    #[serde(default)]
    content: Vec<ContentBlock>,
    #[serde(borrow, default, deserialize_with = "present")]
    structured_content: Option<&'a RawValue>,
    #[serde(borrow, rename = "_meta")]
    meta: Option<&'a RawValue>,
    is_error: Option<bool>,
}

/// Tells `null`, which is a structured value, from no value.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

impl CallOutcome {
    /// `wraps` is asked only when there is something to unwrap.
    pub(super) fn read(
        tool: Box<str>,
        reply: &Reply,
        wraps: impl FnOnce(&str) -> Option<bool>,
    ) -> Result<Self, ClientError> {
        let result: Light<'_> = reply.borrow("tools/call")?;
        let slice = |raw: &RawValue| reply.0.slice_ref(raw.get().as_bytes());
        let structured = result.structured_content.map(slice);
        let meta = result.meta.map(slice);
        let wrapped = structured.as_ref().and_then(|_| {
            let flagged = meta.as_deref().is_some_and(data::flagged);
            if flagged { Some(true) } else { wraps(&tool) }
        });
        Ok(Self {
            tool,
            structured,
            meta,
            wrapped,
            content: result.content,
            is_error: result.is_error == Some(true),
        })
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
        let read = match &self.structured {
            Some(structured) => data::structured(structured, self.wrapped),
            None => data::text(&self.text()),
        };
        read.map_err(|error| ClientError::decode(format!("the answer of tool `{}`", self.tool), error))
    }

    /// All text blocks, one below the other.
    pub fn text(&self) -> String {
        let texts: Vec<_> = self.content.iter().filter_map(ContentBlock::as_text).collect();
        texts.join("\n")
    }

    /// The content blocks.
    pub fn content(&self) -> &[ContentBlock] {
        &self.content
    }

    /// The structured content as it came.
    pub fn structured(&self) -> Option<Raw> {
        self.structured.as_deref().map(raw)
    }

    /// The `_meta` of the result.
    pub fn meta(&self) -> Option<Meta> {
        self.meta.as_deref().and_then(|meta| raw(meta).read().ok())
    }

    /// Whether the tool reports a failure.
    pub fn is_error(&self) -> bool {
        self.is_error
    }

    /// The whole result.
    pub fn into_result(self) -> CallToolResult {
        let mut result = CallToolResult::new([]);
        result.structured_content = self.structured();
        result.meta = self.meta();
        result.is_error = self.is_error.then_some(true);
        result.content = self.content;
        result
    }

    pub(super) fn checked(self) -> Result<Self, ClientError> {
        if self.is_error() { Err(ToolError(Box::new(self)).into()) } else { Ok(self) }
    }
}

fn raw(text: &[u8]) -> Raw {
    serde_json::from_slice(text).expect("it was read as raw JSON before")
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
