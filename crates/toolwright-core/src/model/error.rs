use serde::{Deserialize, Serialize};

use super::{ClientCapabilities, ElicitUrlParams, ProtocolVersion};

/// The `data` of an error for a protocol version that is not served (-32022; -32602 from `initialize`).
///
/// # Example
/// ```
/// use toolwright_core::{era::Revision, model::UnsupportedProtocolVersionData};
///
/// let data = UnsupportedProtocolVersionData::new([Revision::V2026_07_28], "2031-01-01");
/// assert_eq!(serde_json::to_string(&data)?, r#"{"supported":["2026-07-28"],"requested":"2031-01-01"}"#);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UnsupportedProtocolVersionData {
    /// The versions served.
    pub supported: Vec<ProtocolVersion>,
    /// The version asked for.
    pub requested: ProtocolVersion,
}

impl UnsupportedProtocolVersionData {
    /// `requested` is not among `supported`.
    pub fn new(
        supported: impl IntoIterator<Item = impl Into<ProtocolVersion>>,
        requested: impl Into<ProtocolVersion>,
    ) -> Self {
        Self { supported: supported.into_iter().map(Into::into).collect(), requested: requested.into() }
    }
}

/// The `data` of an error for a capability that the client did not declare (-32021).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MissingRequiredClientCapabilityData {
    /// What is missing, and nothing else.
    pub required_capabilities: ClientCapabilities,
}

impl MissingRequiredClientCapabilityData {
    /// The client lacks `required_capabilities`.
    pub fn new(required_capabilities: ClientCapabilities) -> Self {
        Self { required_capabilities }
    }
}

/// The `data` of an error for a resource that does not exist (-32602; -32002 before 2026-07-28).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ResourceNotFoundData {
    /// The resource asked for.
    pub uri: String,
}

impl ResourceNotFoundData {
    /// There is nothing at `uri`.
    pub fn new(uri: impl Into<String>) -> Self {
        Self { uri: uri.into() }
    }
}

/// The `data` of an error for URLs that must be opened first (-32042), 2025-11-25 only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UrlElicitationRequiredData {
    /// The URLs to open.
    pub elicitations: Vec<ElicitUrlParams>,
}

impl UrlElicitationRequiredData {
    /// The request needs `elicitations` first.
    pub fn new(elicitations: impl IntoIterator<Item = ElicitUrlParams>) -> Self {
        Self { elicitations: elicitations.into_iter().collect() }
    }
}
