use serde::{Deserialize, Serialize};

use crate::model::{Meta, OneOrMany, Role, SamplingContent, macros::setters};

/// A message of a conversation with the client's model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SamplingMessage {
    /// Who speaks.
    pub role: Role,
    /// What is said; a list from 2025-11-25 on.
    pub content: OneOrMany<SamplingContent>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(SamplingMessage {
    into meta: Meta,
});

impl SamplingMessage {
    /// `role` says `content`.
    pub fn new(role: Role, content: impl Into<OneOrMany<SamplingContent>>) -> Self {
        Self { role, content: content.into(), meta: None }
    }

    /// The user says `text`.
    pub fn user(text: impl Into<String>) -> Self {
        Self::new(Role::User, SamplingContent::text(text))
    }

    /// The assistant says `text`.
    pub fn assistant(text: impl Into<String>) -> Self {
        Self::new(Role::Assistant, SamplingContent::text(text))
    }
}
