//! The types of MCP: one superset for all revisions.
//!
//! Requests and notifications have `…Params`, results are called `…Result`. A type holds what any revision has; members that a
//! revision lacks are optional and left out when absent, so that an instance of any revision is read and written back equal.
//! What a revision demands beyond that is for the [era](crate::era) to say. Unknown members are ignored.
//!
//! Numbers keep their written form ([`serde_json::Number`]), schemas and bodies stay [`Raw`](crate::Raw).
//!
//! # Example
//! ```
//! use toolwright_core::model::{CallToolResult, ContentBlock};
//!
//! let result: CallToolResult = serde_json::from_str(r#"{"content": [{"type": "text", "text": "5"}]}"#)?;
//! assert_eq!(result, CallToolResult::new([ContentBlock::text("5")]));
//! # Ok::<(), serde_json::Error>(())
//! ```
mod annotations;
mod cache;
mod cancellation;
mod capabilities;
mod completion;
mod content;
mod discover;
mod elicitation;
mod error;
mod icon;
mod implementation;
mod initialize;
mod json;
mod logging;
mod macros;
pub mod meta;
mod method;
mod mrtr;
mod pagination;
mod progress;
mod prompt;
mod request;
mod resource;
mod result;
mod role;
mod roots;
mod sampling;
mod subscription;
mod tagged;
mod task;
mod token;
mod tool;
mod version;

pub use annotations::Annotations;
pub use cache::{CacheHint, CacheScope};
pub use cancellation::CancelledParams;
pub use capabilities::{
    ClientCapabilities, ClientTaskRequests, ClientTasksCapability, ElicitationCapability, ElicitationTasks,
    Extensions, PromptsCapability, ResourcesCapability, RootsCapability, SamplingCapability, SamplingTasks,
    ServerCapabilities, ServerTaskRequests, ServerTasksCapability, ToolTasks, ToolsCapability,
};
pub use completion::{
    CompleteArgument, CompleteContext, CompleteParams, CompleteResult, Completion, CompletionReference,
    PromptReference, ResourceTemplateReference,
};
pub use content::{
    AudioContent, ContentBlock, EmbeddedResource, ImageContent, OneOrMany, SamplingContent, TextContent,
    ToolResultContent, ToolUseContent,
};
pub use discover::DiscoverResult;
pub use elicitation::{
    BooleanSchema, Choice, ElicitAction, ElicitFormParams, ElicitParams, ElicitResult, ElicitUrlParams,
    ElicitValue, ElicitationCompleteParams, LegacyEnumSchema, MultiSelectSchema, NumberSchema,
    PrimitiveSchema, Properties, RequestedSchema, SingleSelectSchema, StringFormat, StringSchema,
    TitledMultiSelectSchema, TitledSingleSelectSchema,
};
pub use error::{
    MissingRequiredClientCapabilityData, ResourceNotFoundData, UnsupportedProtocolVersionData,
    UrlElicitationRequiredData,
};
pub use icon::{Icon, IconTheme};
pub use implementation::Implementation;
pub use initialize::{InitializeParams, InitializeResult};
pub use json::{IntoNumber, IntoTotal, JsonObject};
pub use logging::{LoggingLevel, LoggingMessageParams, SetLevelParams, UnknownLoggingLevel};
pub use meta::{Meta, RequestMeta};
pub use method::Method;
pub use mrtr::{InputRequest, InputRequests, InputRequiredResult, InputResponse, InputResponses};
pub use pagination::ListParams;
pub use progress::ProgressParams;
pub use prompt::{
    GetPromptParams, GetPromptResult, ListPromptsResult, Prompt, PromptArgument, PromptMessage,
};
pub use request::{NotificationParams, RequestParams};
pub use resource::{
    BlobResourceContents, ListResourceTemplatesResult, ListResourcesResult, ReadResourceParams,
    ReadResourceResult, Resource, ResourceContents, ResourceTemplate, ResourceUpdatedParams, SubscribeParams,
    TextResourceContents, UnsubscribeParams,
};
pub use result::{AnyResult, EmptyResult, ResultType};
pub use role::Role;
pub use roots::{ListRootsResult, Root};
pub use sampling::{
    CreateMessageParams, CreateMessageResult, IncludeContext, ModelHint, ModelPreferences, SamplingMessage,
    StopReason, ToolChoice, ToolChoiceMode,
};
pub use subscription::{ListenParams, ListenResult, SubscriptionFilter, SubscriptionsAcknowledgedParams};
pub use task::{
    CreateTaskResult, ListTasksResult, RelatedTask, Task, TaskMetadata, TaskParams, TaskResult, TaskStatus,
    TaskStatusParams,
};
pub use token::ProgressToken;
pub use tool::{
    CallToolParams, CallToolResult, ListToolsResult, TaskSupport, Tool, ToolAnnotations, ToolExecution,
};
pub use version::ProtocolVersion;
