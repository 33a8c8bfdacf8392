use serde::{Deserialize, Serialize};

use super::{ClientTasksCapability, Extensions};
use crate::model::{JsonObject, json::settings, macros::setters};

/// What a client can do.
///
/// A capability is declared by being there, even as an empty object.
///
/// # Example
/// ```
/// use toolwright_core::model::{ClientCapabilities, ElicitationCapability};
///
/// let declared: ClientCapabilities = serde_json::from_str(r#"{"elicitation": {}}"#)?;
/// let form = ClientCapabilities::new().elicitation(ElicitationCapability::new().form());
/// let url = ClientCapabilities::new().elicitation(ElicitationCapability::new().url());
/// assert_eq!(declared.missing(&form), None);
/// assert_eq!(declared.missing(&url), Some(url));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ClientCapabilities {
    /// Capabilities outside the specification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub experimental: Option<JsonObject>,
    /// Answers `roots/list`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roots: Option<RootsCapability>,
    /// Answers `sampling/createMessage`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sampling: Option<SamplingCapability>,
    /// Answers `elicitation/create`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elicitation: Option<ElicitationCapability>,
    /// Runs requests as tasks, 2025-11-25 only. Boxed, for it is large and rare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tasks: Option<Box<ClientTasksCapability>>,
    /// Extensions with their settings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extensions: Option<Extensions>,
}

setters!(ClientCapabilities {
    set experimental: JsonObject,
    set roots: RootsCapability,
    set sampling: SamplingCapability,
    set elicitation: ElicitationCapability,
    into tasks: Box<ClientTasksCapability>,
    set extensions: Extensions,
});

impl ClientCapabilities {
    /// No capability.
    pub fn new() -> Self {
        Self::default()
    }
}

/// The client answers `roots/list`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct RootsCapability {
    /// Whether it sends `notifications/roots/list_changed`, before 2026-07-28.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list_changed: Option<bool>,
}

setters!(RootsCapability {
    set list_changed: bool,
});

impl RootsCapability {
    /// Roots without notice of changes.
    pub fn new() -> Self {
        Self::default()
    }
}

/// The client answers `sampling/createMessage`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SamplingCapability {
    /// It honours `includeContext` other than `none`.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub context: Option<JsonObject>,
    /// It honours `tools` and `toolChoice`.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub tools: Option<JsonObject>,
}

impl SamplingCapability {
    /// Sampling without tools and without context.
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares the use of context.
    #[must_use]
    pub fn context(mut self) -> Self {
        self.context = Some(JsonObject::new());
        self
    }

    /// Declares the use of tools.
    #[must_use]
    pub fn tools(mut self) -> Self {
        self.tools = Some(JsonObject::new());
        self
    }
}

/// The client answers `elicitation/create`; an empty object means forms.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ElicitationCapability {
    /// It shows forms.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub form: Option<JsonObject>,
    /// It opens URLs.
    #[serde(default, deserialize_with = "settings", skip_serializing_if = "Option::is_none")]
    pub url: Option<JsonObject>,
}

impl ElicitationCapability {
    /// The empty object, which means forms.
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares forms by name.
    #[must_use]
    pub fn form(mut self) -> Self {
        self.form = Some(JsonObject::new());
        self
    }

    /// Declares URLs.
    #[must_use]
    pub fn url(mut self) -> Self {
        self.url = Some(JsonObject::new());
        self
    }

    /// Whether forms are declared, by name or by the empty object (client/elicitation, "Capabilities").
    pub fn has_form(&self) -> bool {
        self.form.is_some() || self.url.is_none()
    }

    /// Whether URLs are declared.
    pub fn has_url(&self) -> bool {
        self.url.is_some()
    }
}
