use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    CacheScope, ContentBlock, Icon, InputResponses, Meta, RequestMeta, ResultType, Role, cache::cacheable,
    json::present, macros::setters,
};

/// A prompt as `prompts/list` shows it (server/prompts).
///
/// # Example
/// ```
/// use toolwright_core::model::{Prompt, PromptArgument};
///
/// let prompt = Prompt::new("review").arguments([PromptArgument::new("code").required(true)]);
/// assert_eq!(
///     serde_json::to_string(&prompt)?,
///     r#"{"name":"review","arguments":[{"name":"code","required":true}]}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Prompt {
    /// The name for programs.
    pub name: String,
    /// The name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<Vec<PromptArgument>>,
    /// Its icons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub icons: Option<Vec<Icon>>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(Prompt {
    into title: String,
    into description: String,
    list arguments: PromptArgument,
    list icons: Icon,
    into meta: Meta,
});

impl Prompt {
    /// A prompt called `name` that takes nothing.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), title: None, description: None, arguments: None, icons: None, meta: None }
    }
}

/// An argument of a prompt, always a string on the wire.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PromptArgument {
    /// The name for programs.
    pub name: String,
    /// The name for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether it must be given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub required: Option<bool>,
}

setters!(PromptArgument {
    into title: String,
    into description: String,
    set required: bool,
});

impl PromptArgument {
    /// An optional argument called `name`.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), title: None, description: None, required: None }
    }
}

/// A message of a prompt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PromptMessage {
    /// Who speaks.
    pub role: Role,
    /// What is said.
    pub content: ContentBlock,
}

impl PromptMessage {
    /// `role` says `content`.
    pub fn new(role: Role, content: impl Into<ContentBlock>) -> Self {
        Self { role, content: content.into() }
    }
}

/// Result of `prompts/list`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ListPromptsResult {
    /// The prompts of this page.
    pub prompts: Vec<Prompt>,
    /// The cursor of the next page, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// For how many milliseconds it is fresh, from 2026-07-28 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ttl_ms: Option<u64>,
    /// Who may share a cached copy, from 2026-07-28 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_scope: Option<CacheScope>,
    /// What kind of result this is, from 2026-07-28 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_type: Option<ResultType>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(ListPromptsResult {
    into next_cursor: String,
    set ttl_ms: u64,
    set cache_scope: CacheScope,
    into result_type: ResultType,
    into meta: Meta,
});

impl ListPromptsResult {
    /// A page of prompts.
    pub fn new(prompts: impl IntoIterator<Item = Prompt>) -> Self {
        Self { prompts: prompts.into_iter().collect(), ..Self::default() }
    }
}

cacheable!(ListPromptsResult);

/// Parameters of `prompts/get`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GetPromptParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    /// The prompt.
    pub name: String,
    /// Its arguments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arguments: Option<BTreeMap<String, String>>,
    /// Answers to the questions of the round before, from 2026-07-28 on.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub input_responses: Option<InputResponses>,
    /// The state of the round before, from 2026-07-28 on.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub request_state: Option<String>,
}

setters!(GetPromptParams {
    into meta: RequestMeta,
    map arguments: String,
    into input_responses: InputResponses,
    into request_state: String,
});

impl GetPromptParams {
    /// The prompt `name` without arguments.
    pub fn new(name: impl Into<String>) -> Self {
        Self { meta: None, name: name.into(), arguments: None, input_responses: None, request_state: None }
    }
}

/// Result of `prompts/get`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GetPromptResult {
    /// What the prompt is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its messages.
    pub messages: Vec<PromptMessage>,
    /// What kind of result this is, from 2026-07-28 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result_type: Option<ResultType>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(GetPromptResult {
    into description: String,
    into result_type: ResultType,
    into meta: Meta,
});

impl GetPromptResult {
    /// A result with these messages.
    pub fn new(messages: impl IntoIterator<Item = PromptMessage>) -> Self {
        Self { messages: messages.into_iter().collect(), ..Self::default() }
    }
}
