//! What handlers return, and how it becomes a result.
//!
//! Each kind of component has one trait for its return values. Its parameter `M` is a marker that inference finds: it says which
//! of several families a type belongs to, so that the families may overlap in what they could be and never in what they are.
//!
//! | A tool returns | the client gets |
//! |---|---|
//! | a string, `char` | text |
//! | `()`, `None` of a string or of content | an empty list of content |
//! | [`Image`], [`Audio`], [`File`], `ResourceLink`, `ContentBlock` | that block |
//! | lists and tuples of blocks, tuples of blocks and strings | these blocks |
//! | anything else that is `Serialize + JsonSchema` | structured content, its JSON as text, and an output schema |
//! | `serde_json::Value`, `Raw` | the same without an output schema |
//! | `CallToolResult` | exactly that |
//! | a `Result` of these | the same, or the error |
//!
//! A `Result` whose error could be JSON itself, such as `Result<u8, String>`, is told apart from a value by the macros only; a
//! closure returns `Result<u8, HandlerError>`, into which `?` turns any error.
mod completion;
mod content;
mod downcast;
mod file;
mod json;
#[doc(hidden)]
pub mod marker;
mod media;
mod message;
mod mime;
mod nonfinite;
mod prompt;
mod resource;
mod structured;
mod tool;

pub use completion::IntoCompletion;
pub use content::IntoContent;
#[doc(hidden)]
pub use content::Part;
pub use file::File;
pub use json::Json;
pub use media::{Audio, Image};
pub use message::{IntoMessage, assistant, user};
pub use prompt::IntoPromptResult;
#[doc(hidden)]
pub use prompt::{Many, One};
pub use resource::{IntoContents, IntoResourceResult};
pub use tool::IntoToolResult;
