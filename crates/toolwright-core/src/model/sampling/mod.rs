//! Sampling: the server asks the client's model (client/sampling).
mod create;
mod message;
mod preferences;

pub use create::{
    CreateMessageParams, CreateMessageResult, IncludeContext, StopReason, ToolChoice, ToolChoiceMode,
};
pub use message::SamplingMessage;
pub use preferences::{ModelHint, ModelPreferences};
