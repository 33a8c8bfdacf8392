use serde::{Deserialize, Serialize};

use super::{Extensions, ServerTasksCapability};
use crate::model::{JsonObject, json::settings, macros::setters};

/// What a server can do.
///
/// A capability is declared by being there, even as an empty object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServerCapabilities {
    /// Capabilities outside the specification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experimental: Option<JsonObject>,
    /// Sends log messages.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub logging: Option<JsonObject>,
    /// Answers `completion/complete`.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub completions: Option<JsonObject>,
    /// Has prompts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompts: Option<PromptsCapability>,
    /// Has resources.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resources: Option<ResourcesCapability>,
    /// Has tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<ToolsCapability>,
    /// Runs requests as tasks, 2025-11-25 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tasks: Option<ServerTasksCapability>,
    /// Extensions with their settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Extensions>,
}

impl ServerCapabilities {
    /// No capability.
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares log messages.
    #[must_use]
    pub fn logging(mut self) -> Self {
        self.logging = Some(JsonObject::new());
        self
    }

    /// Declares completions.
    #[must_use]
    pub fn completions(mut self) -> Self {
        self.completions = Some(JsonObject::new());
        self
    }
}

setters!(ServerCapabilities {
    set experimental: JsonObject,
    set prompts: PromptsCapability,
    set resources: ResourcesCapability,
    set tools: ToolsCapability,
    set tasks: ServerTasksCapability,
    set extensions: Extensions,
});

/// The server has prompts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PromptsCapability {
    /// Whether it tells that the list changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_changed: Option<bool>,
}

setters!(PromptsCapability {
    set list_changed: bool,
});

/// The server has resources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourcesCapability {
    /// Whether single resources can be watched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subscribe: Option<bool>,
    /// Whether it tells that the list changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_changed: Option<bool>,
}

setters!(ResourcesCapability {
    set subscribe: bool,
    set list_changed: bool,
});

/// The server has tools.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ToolsCapability {
    /// Whether it tells that the list changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_changed: Option<bool>,
}

setters!(ToolsCapability {
    set list_changed: bool,
});

impl PromptsCapability {
    /// Prompts without notice of changes.
    pub fn new() -> Self {
        Self::default()
    }
}

impl ResourcesCapability {
    /// Resources without notice of changes.
    pub fn new() -> Self {
        Self::default()
    }
}

impl ToolsCapability {
    /// Tools without notice of changes.
    pub fn new() -> Self {
        Self::default()
    }
}
