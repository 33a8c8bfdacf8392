//! Tools (server/tools).
mod annotations;
mod call;
mod definition;
mod list;

pub use annotations::ToolAnnotations;
pub use call::{CallToolParams, CallToolResult};
pub use definition::{TaskSupport, Tool, ToolExecution};
pub use list::ListToolsResult;
