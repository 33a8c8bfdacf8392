use serde::{Deserialize, Deserializer, Serialize, de::Error};

use super::{AudioContent, EmbeddedResource, ImageContent, TextContent, ToolResultContent, ToolUseContent};
use crate::model::{
    JsonObject, Resource, ResourceContents,
    tagged::{self, Tagged},
};

/// A piece of what a tool answers or a prompt says.
///
/// # Example
/// ```
/// use toolwright_core::model::ContentBlock;
///
/// let block = ContentBlock::text("hello");
/// assert_eq!(serde_json::to_string(&block)?, r#"{"type":"text","text":"hello"}"#);
/// assert_eq!(serde_json::from_str::<ContentBlock>(r#"{"text": "hello", "type": "text"}"#)?, block);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ContentBlock {
    /// Text.
    Text(TextContent),
    /// A picture.
    Image(ImageContent),
    /// Sound, from 2025-03-26 on.
    Audio(AudioContent),
    /// A resource by reference, from 2025-06-18 on.
    ResourceLink(Box<Resource>),
    /// A resource with its contents.
    Resource(EmbeddedResource),
}

impl ContentBlock {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(TextContent::new(text))
    }

    /// A picture, from its bytes.
    pub fn image(bytes: impl AsRef<[u8]>, mime_type: impl Into<String>) -> Self {
        Self::Image(ImageContent::from_bytes(bytes, mime_type))
    }

    /// Sound, from its bytes.
    pub fn audio(bytes: impl AsRef<[u8]>, mime_type: impl Into<String>) -> Self {
        Self::Audio(AudioContent::from_bytes(bytes, mime_type))
    }

    /// A resource by reference.
    pub fn resource_link(resource: Resource) -> Self {
        Self::ResourceLink(Box::new(resource))
    }

    /// A resource with its contents.
    pub fn resource(contents: impl Into<ResourceContents>) -> Self {
        Self::Resource(EmbeddedResource::new(contents))
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(content) => Some(&content.text),
            _ => None,
        }
    }
}

/// A piece of what is said in sampling: text, picture, sound, and the use of tools.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum SamplingContent {
    /// Text.
    Text(TextContent),
    /// A picture.
    Image(ImageContent),
    /// Sound, from 2025-03-26 on.
    Audio(AudioContent),
    /// The model wants a tool called, from 2025-11-25 on.
    ToolUse(ToolUseContent),
    /// What a tool answered, from 2025-11-25 on.
    ToolResult(ToolResultContent),
}

impl SamplingContent {
    /// Text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(TextContent::new(text))
    }

    /// A picture, from its bytes.
    pub fn image(bytes: impl AsRef<[u8]>, mime_type: impl Into<String>) -> Self {
        Self::Image(ImageContent::from_bytes(bytes, mime_type))
    }

    /// Sound, from its bytes.
    pub fn audio(bytes: impl AsRef<[u8]>, mime_type: impl Into<String>) -> Self {
        Self::Audio(AudioContent::from_bytes(bytes, mime_type))
    }

    /// A use of the tool `name`.
    pub fn tool_use(id: impl Into<String>, name: impl Into<String>, input: JsonObject) -> Self {
        Self::ToolUse(ToolUseContent::new(id, name, input))
    }

    /// The answer to the use `tool_use_id`.
    pub fn tool_result(
        tool_use_id: impl Into<String>,
        content: impl IntoIterator<Item = ContentBlock>,
    ) -> Self {
        Self::ToolResult(ToolResultContent::new(tool_use_id, content))
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(content) => Some(&content.text),
            _ => None,
        }
    }
}

impl Tagged for ContentBlock {
    const TAG: &'static str = "type";
    const EXPECTED: &'static str = "a content block";

    fn variant<'de, D: Deserializer<'de>>(tag: &str, rest: D) -> Result<Self, D::Error> {
        match tag {
            "text" => TextContent::deserialize(rest).map(Self::Text),
            "image" => ImageContent::deserialize(rest).map(Self::Image),
            "audio" => AudioContent::deserialize(rest).map(Self::Audio),
            "resource_link" => Box::deserialize(rest).map(Self::ResourceLink),
            "resource" => EmbeddedResource::deserialize(rest).map(Self::Resource),
            _ => {
                Err(D::Error::unknown_variant(tag, &["text", "image", "audio", "resource_link", "resource"]))
            }
        }
    }
}

impl Tagged for SamplingContent {
    const TAG: &'static str = "type";
    const EXPECTED: &'static str = "a content block";

    fn variant<'de, D: Deserializer<'de>>(tag: &str, rest: D) -> Result<Self, D::Error> {
        match tag {
            "text" => TextContent::deserialize(rest).map(Self::Text),
            "image" => ImageContent::deserialize(rest).map(Self::Image),
            "audio" => AudioContent::deserialize(rest).map(Self::Audio),
            "tool_use" => ToolUseContent::deserialize(rest).map(Self::ToolUse),
            "tool_result" => ToolResultContent::deserialize(rest).map(Self::ToolResult),
            _ => Err(D::Error::unknown_variant(tag, &["text", "image", "audio", "tool_use", "tool_result"])),
        }
    }
}

impl<'de> Deserialize<'de> for ContentBlock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tagged::deserialize(deserializer)
    }
}

impl<'de> Deserialize<'de> for SamplingContent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        tagged::deserialize(deserializer)
    }
}

macro_rules! from {
    ($($block:ident: $($content:ident => $variant:ident)*;)*) => {$($(
        impl From<$content> for $block {
            fn from(content: $content) -> Self {
                Self::$variant(content)
            }
        }
    )*)*};
}

from! {
    ContentBlock: TextContent => Text ImageContent => Image AudioContent => Audio EmbeddedResource => Resource;
    SamplingContent: TextContent => Text ImageContent => Image AudioContent => Audio
        ToolUseContent => ToolUse ToolResultContent => ToolResult;
}

impl From<Resource> for ContentBlock {
    fn from(resource: Resource) -> Self {
        Self::resource_link(resource)
    }
}

impl From<String> for ContentBlock {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<&str> for ContentBlock {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for SamplingContent {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<&str> for SamplingContent {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}
