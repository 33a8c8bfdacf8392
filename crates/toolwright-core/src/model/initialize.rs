use serde::{Deserialize, Serialize};

use super::{
    ClientCapabilities, Implementation, Meta, ProtocolVersion, RequestMeta, ServerCapabilities,
    macros::setters,
};

/// Parameters of `initialize`, before 2026-07-28 (basic/lifecycle).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InitializeParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    /// The version that the client prefers.
    pub protocol_version: ProtocolVersion,
    /// What the client can do.
    pub capabilities: ClientCapabilities,
    /// Who the client says it is.
    pub client_info: Implementation,
}

setters!(InitializeParams {
    into meta: RequestMeta,
});

impl InitializeParams {
    /// The handshake of a client.
    pub fn new(
        protocol_version: impl Into<ProtocolVersion>,
        capabilities: ClientCapabilities,
        client_info: Implementation,
    ) -> Self {
        Self { meta: None, protocol_version: protocol_version.into(), capabilities, client_info }
    }
}

/// Result of `initialize`, before 2026-07-28 (basic/lifecycle).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InitializeResult {
    /// The version that the session speaks.
    pub protocol_version: ProtocolVersion,
    /// What the server can do.
    pub capabilities: ServerCapabilities,
    /// Who the server says it is.
    pub server_info: Implementation,
    /// How to use the server, for the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instructions: Option<String>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(InitializeResult {
    into instructions: String,
    into meta: Meta,
});

impl InitializeResult {
    /// The server's answer to the handshake.
    pub fn new(
        protocol_version: impl Into<ProtocolVersion>,
        capabilities: ServerCapabilities,
        server_info: Implementation,
    ) -> Self {
        Self {
            protocol_version: protocol_version.into(),
            capabilities,
            server_info,
            instructions: None,
            meta: None,
        }
    }
}
