//! What clients and servers say they can do (basic/versioning, "Capabilities").
mod client;
mod extensions;
mod missing;
mod server;
mod tasks;

pub use client::{ClientCapabilities, ElicitationCapability, RootsCapability, SamplingCapability};
pub use extensions::Extensions;
pub use server::{PromptsCapability, ResourcesCapability, ServerCapabilities, ToolsCapability};
pub use tasks::{
    ClientTaskRequests, ClientTasksCapability, ElicitationTasks, SamplingTasks, ServerTaskRequests,
    ServerTasksCapability, ToolTasks,
};
