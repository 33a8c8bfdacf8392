use serde::{Deserialize, Serialize};
use serde_json::Number;

use super::{ModelPreferences, SamplingMessage};
use crate::model::{
    IntoNumber, JsonObject, Meta, OneOrMany, RequestMeta, Role, SamplingContent, TaskMetadata, Tool,
    macros::{open_enum, setters},
};

/// Parameters of `sampling/createMessage`.
///
/// # Example
/// ```
/// use toolwright_core::model::{CreateMessageParams, SamplingMessage};
///
/// let params = CreateMessageParams::new([SamplingMessage::user("Hi")], 100).temperature(0.5);
/// assert_eq!(
///     serde_json::to_string(&params)?,
///     r#"{"messages":[{"role":"user","content":{"type":"text","text":"Hi"}}],"temperature":0.5,"maxTokens":100}"#
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreateMessageParams {
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<RequestMeta>,
    /// The conversation so far.
    pub messages: Vec<SamplingMessage>,
    /// What matters in the choice of a model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_preferences: Option<ModelPreferences>,
    /// The system prompt, which the client may change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub system_prompt: Option<String>,
    /// What the client should add from its servers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub include_context: Option<IncludeContext>,
    /// The temperature.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<Number>,
    /// How many tokens to sample at most.
    pub max_tokens: u64,
    /// Texts at which to stop.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_sequences: Option<Vec<String>>,
    /// Members for the provider of the model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metadata: Option<JsonObject>,
    /// The tools that the model may use, from 2025-11-25 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tools: Option<Vec<Tool>>,
    /// Whether it may or must use them, from 2025-11-25 on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_choice: Option<ToolChoice>,
    /// Asks to run the request as a task, 2025-11-25 only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskMetadata>,
}

setters!(CreateMessageParams {
    into meta: RequestMeta,
    set model_preferences: ModelPreferences,
    into system_prompt: String,
    set include_context: IncludeContext,
    number temperature,
    list stop_sequences: String,
    set metadata: JsonObject,
    list tools: Tool,
    set tool_choice: ToolChoice,
    set task: TaskMetadata,
});

impl CreateMessageParams {
    /// Asks for the next message, of at most `max_tokens`.
    pub fn new(messages: impl IntoIterator<Item = SamplingMessage>, max_tokens: u64) -> Self {
        Self {
            meta: None,
            messages: messages.into_iter().collect(),
            model_preferences: None,
            system_prompt: None,
            include_context: None,
            temperature: None,
            max_tokens,
            stop_sequences: None,
            metadata: None,
            tools: None,
            tool_choice: None,
            task: None,
        }
    }
}

/// What the client should add from its servers; deprecated but for `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum IncludeContext {
    /// Nothing.
    None,
    /// What the asking server gave.
    ThisServer,
    /// What all servers gave.
    AllServers,
}

/// Whether the model may or must use tools.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ToolChoice {
    /// The mode; absent means `auto`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<ToolChoiceMode>,
}

setters!(ToolChoice {
    set mode: ToolChoiceMode,
});

impl ToolChoice {
    /// The model decides.
    pub fn new() -> Self {
        Self::default()
    }
}

impl From<ToolChoiceMode> for ToolChoice {
    fn from(mode: ToolChoiceMode) -> Self {
        Self { mode: Some(mode) }
    }
}

/// Whether the model may or must use tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ToolChoiceMode {
    /// The model decides.
    Auto,
    /// It must use at least one.
    Required,
    /// It must use none.
    None,
}

/// Result of `sampling/createMessage`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreateMessageResult {
    /// Who speaks.
    pub role: Role,
    /// What is said; a list from 2025-11-25 on.
    pub content: OneOrMany<SamplingContent>,
    /// The model that said it.
    pub model: String,
    /// Why it stopped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_reason: Option<StopReason>,
    /// The `_meta` member.
    #[serde(rename = "_meta", skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
}

setters!(CreateMessageResult {
    into stop_reason: StopReason,
    into meta: Meta,
});

impl CreateMessageResult {
    /// The assistant, which is `model`, says `content`: a text, a picture, a sound, uses of tools, or a list of these.
    ///
    /// ```
    /// use toolwright_core::model::{CreateMessageResult, SamplingContent};
    ///
    /// let said = CreateMessageResult::new("small-2026", "Hello!");
    /// assert_eq!(said.content.as_slice(), [SamplingContent::text("Hello!")]);
    /// ```
    pub fn new(model: impl Into<String>, content: impl Into<OneOrMany<SamplingContent>>) -> Self {
        Self {
            role: Role::Assistant,
            content: content.into(),
            model: model.into(),
            stop_reason: None,
            meta: None,
        }
    }

    /// Sets who speaks.
    #[must_use]
    pub fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }
}

open_enum! {
    /// Why the model stopped.
    pub enum StopReason: String {
        /// It was done.
        EndTurn = "endTurn",
        /// It came to a stop sequence.
        StopSequence = "stopSequence",
        /// It used up its tokens.
        MaxTokens = "maxTokens",
        /// It wants tools called.
        ToolUse = "toolUse",
    }
}
