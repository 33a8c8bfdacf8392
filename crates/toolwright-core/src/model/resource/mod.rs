//! Resources and resource templates (server/resources).
mod contents;
mod definition;
mod list;
mod read;
mod subscribe;
mod template;

pub use contents::{BlobResourceContents, ResourceContents, TextResourceContents};
pub use definition::Resource;
pub use list::{ListResourceTemplatesResult, ListResourcesResult};
pub use read::{ReadResourceParams, ReadResourceResult};
pub use subscribe::{ResourceUpdatedParams, SubscribeParams, UnsubscribeParams};
pub use template::ResourceTemplate;
