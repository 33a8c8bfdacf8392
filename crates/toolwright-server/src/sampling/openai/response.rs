use reqwest::StatusCode;
use serde::Deserialize;
use toolwright_core::model::{
    CreateMessageResult, JsonObject, OneOrMany, SamplingContent, StopReason, ToolUseContent,
};

use crate::HandlerError;

/// Most characters of what a refusal says.
const SHOWN: usize = 300;

#[derive(Deserialize)]
struct Completion {
    model: String,
    choices: Vec<Choice>,
}

#[derive(Deserialize)]
struct Choice {
    message: Said,
    finish_reason: Option<String>,
}

#[derive(Deserialize)]
struct Said {
    content: Option<String>,
    refusal: Option<String>,
    tool_calls: Option<Vec<ToolCall>>,
}

#[derive(Deserialize)]
struct ToolCall {
    id: String,
    function: Function,
}

#[derive(Deserialize)]
struct Function {
    name: String,
    arguments: String,
}

/// What the model says.
pub(super) fn read(answer: &[u8]) -> Result<CreateMessageResult, HandlerError> {
    let completion: Completion = serde_json::from_slice(answer)
        .map_err(|error| format!("the model's answer cannot be read: {error}"))?;
    let choice = completion.choices.into_iter().next().ok_or("the model's answer is empty")?;
    let said = choice.message;
    let mut content = Vec::new();
    let text = said.content.or(said.refusal).filter(|text| !text.is_empty());
    content.extend(text.map(SamplingContent::text));
    for call in said.tool_calls.unwrap_or_default() {
        content.push(SamplingContent::ToolUse(used(call)?));
    }
    let uses_tools = content.iter().any(|block| matches!(block, SamplingContent::ToolUse(_)));
    let reason = match choice.finish_reason.as_deref() {
        // Some servers say `stop` here.
        _ if uses_tools => Some(StopReason::ToolUse),
        Some("stop") => Some(StopReason::EndTurn),
        Some("length") => Some(StopReason::MaxTokens),
        Some(other) => Some(StopReason::from(other)),
        None => None,
    };
    let content = match content.len() {
        0 => OneOrMany::One(SamplingContent::text("")),
        1 => OneOrMany::One(content.remove(0)),
        _ => OneOrMany::Many(content),
    };
    let mut result = CreateMessageResult::new(completion.model, content);
    result.stop_reason = reason;
    Ok(result)
}

fn used(call: ToolCall) -> Result<ToolUseContent, HandlerError> {
    let Function { name, arguments } = call.function;
    let input: JsonObject = match arguments.trim() {
        "" => JsonObject::new(),
        text => serde_json::from_str(text).map_err(|error| {
            format!("the model calls the tool `{name}` with what is no JSON object: {error}")
        })?,
    };
    Ok(ToolUseContent::new(call.id, name, input))
}

/// The model gives no answer. What its provider says of it may name accounts and keys, so it is for the log.
#[derive(Debug, thiserror::Error)]
#[error("the model refused with status {status}")]
pub(super) struct Refused {
    status: StatusCode,
    source: Option<Reason>,
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct Reason(String);

impl Refused {
    pub(super) fn new(status: StatusCode, answer: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Body {
            error: Said,
        }
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Said {
            Object { message: String },
            Text(String),
        }
        let source = serde_json::from_slice(answer).ok().map(|Body { error }| match error {
            Said::Object { message } | Said::Text(message) => Reason(message.chars().take(SHOWN).collect()),
        });
        Self { status, source }
    }
}
