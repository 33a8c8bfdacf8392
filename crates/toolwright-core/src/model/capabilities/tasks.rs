use serde::{Deserialize, Serialize};

use crate::model::{JsonObject, json::settings, macros::setters};

/// Which requests a client runs as tasks, 2025-11-25 only (basic/utilities/tasks, "Capabilities").
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClientTasksCapability {
    /// It answers `tasks/list`.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub list: Option<JsonObject>,
    /// It answers `tasks/cancel`.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub cancel: Option<JsonObject>,
    /// The requests that may become tasks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<ClientTaskRequests>,
}

setters!(ClientTasksCapability {
    set list: JsonObject,
    set cancel: JsonObject,
    set requests: ClientTaskRequests,
});

/// The client's requests that may become tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClientTaskRequests {
    /// Of sampling.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampling: Option<SamplingTasks>,
    /// Of elicitation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elicitation: Option<ElicitationTasks>,
}

setters!(ClientTaskRequests {
    set sampling: SamplingTasks,
    set elicitation: ElicitationTasks,
});

/// Sampling requests that may become tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SamplingTasks {
    /// `sampling/createMessage`.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub create_message: Option<JsonObject>,
}

setters!(SamplingTasks {
    set create_message: JsonObject,
});

/// Elicitation requests that may become tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ElicitationTasks {
    /// `elicitation/create`.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub create: Option<JsonObject>,
}

setters!(ElicitationTasks {
    set create: JsonObject,
});

/// Which requests a server runs as tasks, 2025-11-25 only (basic/utilities/tasks, "Capabilities").
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServerTasksCapability {
    /// It answers `tasks/list`.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub list: Option<JsonObject>,
    /// It answers `tasks/cancel`.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub cancel: Option<JsonObject>,
    /// The requests that may become tasks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests: Option<ServerTaskRequests>,
}

setters!(ServerTasksCapability {
    set list: JsonObject,
    set cancel: JsonObject,
    set requests: ServerTaskRequests,
});

/// The server's requests that may become tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ServerTaskRequests {
    /// Of tools.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<ToolTasks>,
}

setters!(ServerTaskRequests {
    set tools: ToolTasks,
});

/// Tool requests that may become tasks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ToolTasks {
    /// `tools/call`.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub call: Option<JsonObject>,
}

setters!(ToolTasks {
    set call: JsonObject,
});

impl ClientTasksCapability {
    /// No request.
    pub fn new() -> Self {
        Self::default()
    }
}

impl ClientTaskRequests {
    /// No request.
    pub fn new() -> Self {
        Self::default()
    }
}

impl SamplingTasks {
    /// No request.
    pub fn new() -> Self {
        Self::default()
    }
}

impl ElicitationTasks {
    /// No request.
    pub fn new() -> Self {
        Self::default()
    }
}

impl ServerTasksCapability {
    /// No request.
    pub fn new() -> Self {
        Self::default()
    }
}

impl ServerTaskRequests {
    /// No request.
    pub fn new() -> Self {
        Self::default()
    }
}

impl ToolTasks {
    /// No request.
    pub fn new() -> Self {
        Self::default()
    }
}
