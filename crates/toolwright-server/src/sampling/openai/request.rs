use serde_json::{Map, Value, json};
use toolwright_core::model::{
    ContentBlock, CreateMessageParams, Role, SamplingContent, SamplingMessage, ToolChoiceMode,
    ToolResultContent,
};

use crate::HandlerError;

/// The body of a request.
pub(super) fn write(
    model: &str,
    params: &CreateMessageParams,
    newer_limit: bool,
) -> Result<Vec<u8>, HandlerError> {
    let mut messages = Vec::new();
    if let Some(system) = &params.system_prompt {
        messages.push(json!({ "role": "system", "content": system }));
    }
    for message in &params.messages {
        say(message, &mut messages)?;
    }
    let mut body = Map::new();
    body.insert("model".into(), model.into());
    body.insert("messages".into(), messages.into());
    let limit = if newer_limit { "max_completion_tokens" } else { "max_tokens" };
    body.insert(limit.into(), params.max_tokens.into());
    if let Some(temperature) = &params.temperature {
        body.insert("temperature".into(), temperature.clone().into());
    }
    if let Some(stops) = params.stop_sequences.as_ref().filter(|stops| !stops.is_empty()) {
        body.insert("stop".into(), stops.clone().into());
    }
    if let Some(tools) = params.tools.as_ref().filter(|tools| !tools.is_empty()) {
        let tools: Vec<_> = tools
            .iter()
            .map(|tool| {
                let mut function = json!({ "name": tool.name, "parameters": tool.input_schema });
                if let Some(description) = &tool.description {
                    function["description"] = description.as_str().into();
                }
                json!({ "type": "function", "function": function })
            })
            .collect();
        body.insert("tools".into(), tools.into());
        let choice = match params.tool_choice.as_ref().and_then(|choice| choice.mode) {
            Some(ToolChoiceMode::Required) => "required",
            Some(ToolChoiceMode::None) => "none",
            _ => "auto",
        };
        body.insert("tool_choice".into(), choice.into());
    }
    Ok(serde_json::to_vec(&body)?)
}

/// One message of ours is one of theirs, but for the results of tools, of which each is one.
fn say(message: &SamplingMessage, messages: &mut Vec<Value>) -> Result<(), HandlerError> {
    let (mut parts, mut calls) = (Vec::new(), Vec::new());
    for block in message.content.as_slice() {
        match block {
            SamplingContent::Text(text) => parts.push(json!({ "type": "text", "text": text.text })),
            SamplingContent::Image(image) => {
                let url = format!("data:{};base64,{}", image.mime_type, image.data);
                parts.push(json!({ "type": "image_url", "image_url": { "url": url } }));
            }
            SamplingContent::Audio(audio) => {
                let format = match audio.mime_type.as_str() {
                    "audio/wav" | "audio/x-wav" | "audio/wave" => "wav",
                    "audio/mpeg" | "audio/mp3" => "mp3",
                    other => {
                        return Err(
                            format!("this model does not listen to `{other}`, only to WAV and MP3").into()
                        );
                    }
                };
                parts.push(
                    json!({ "type": "input_audio", "input_audio": { "data": audio.data, "format": format } }),
                );
            }
            SamplingContent::ToolUse(used) => {
                let function = json!({ "name": used.name, "arguments": serde_json::to_string(&used.input)? });
                calls.push(json!({ "id": used.id, "type": "function", "function": function }));
            }
            SamplingContent::ToolResult(result) => {
                messages.push(
                    json!({ "role": "tool", "tool_call_id": result.tool_use_id, "content": told(result) }),
                );
            }
            _ => return Err("this model does not know a kind of content in the conversation".into()),
        }
    }
    let role = match message.role {
        Role::User => "user",
        Role::Assistant => "assistant",
    };
    let content = match parts.as_slice() {
        [] if calls.is_empty() => return Ok(()),
        [] => Value::Null,
        // Some servers know no parts.
        [only] if only["type"] == "text" => only["text"].clone(),
        _ => parts.into(),
    };
    let mut said = json!({ "role": role, "content": content });
    if !calls.is_empty() {
        said["tool_calls"] = calls.into();
    }
    messages.push(said);
    Ok(())
}

/// The result of a tool as text, which is all that a model can be told of it.
fn told(result: &ToolResultContent) -> String {
    let texts: Vec<_> = result.content.iter().filter_map(ContentBlock::as_text).collect();
    let text = match (&result.structured_content, texts.is_empty()) {
        (Some(structured), true) => structured.to_string(),
        _ => texts.join("\n"),
    };
    if result.is_error == Some(true) { format!("Error: {text}") } else { text }
}
