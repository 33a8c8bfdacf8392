//! Content blocks: what tools, prompts and sampling exchange.
mod block;
mod embedded;
mod media;
mod one_or_many;
mod text;
mod tool_result;
mod tool_use;

pub use block::{ContentBlock, SamplingContent};
pub use embedded::EmbeddedResource;
pub use media::{AudioContent, ImageContent};
pub use one_or_many::OneOrMany;
pub use text::TextContent;
pub use tool_result::ToolResultContent;
pub use tool_use::ToolUseContent;
