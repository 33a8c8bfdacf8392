//! The fixed answers to a server's questions, those of `tests/outside/clients/answers.py`.
use serde_json::{Map, Value, json};
use toolwright::core::model::{
    CreateMessageResult, ElicitFormParams, ElicitResult, ElicitUrlParams, SamplingContent,
};

pub(crate) fn sample() -> CreateMessageResult {
    CreateMessageResult::new("fixed", SamplingContent::text("A fixed answer."))
}

pub(crate) fn form(form: &ElicitFormParams, planned: &Map<String, Value>) -> ElicitResult {
    let answer = planned.get(&form.message).cloned().unwrap_or_else(|| {
        let schema: Value = form.requested_schema.read().expect("a schema is JSON");
        let fields = schema["properties"].as_object().into_iter().flatten();
        let content: Map<_, _> = fields.map(|(name, field)| (name.clone(), value(field))).collect();
        json!({ "action": "accept", "content": content })
    });
    read(answer)
}

pub(crate) fn url(url: &ElicitUrlParams, planned: &Map<String, Value>) -> ElicitResult {
    read(planned.get(&url.message).cloned().unwrap_or_else(|| json!({ "action": "accept" })))
}

fn read(answer: Value) -> ElicitResult {
    serde_json::from_value(answer).expect("answers are results of an elicitation")
}

fn value(field: &Value) -> Value {
    if let Some(default) = field.get("default") {
        return default.clone();
    }
    if let Some(first) = field["enum"].get(0) {
        return first.clone();
    }
    if let Some(first) = field["oneOf"].get(0).or_else(|| field["anyOf"].get(0)) {
        return first["const"].clone();
    }
    match field["type"].as_str() {
        Some("array") => json!([value(&field["items"])]),
        Some("boolean") => json!(true),
        Some("integer") => field.get("minimum").cloned().unwrap_or(json!(7)),
        Some("number") => field.get("minimum").cloned().unwrap_or(json!(0.5)),
        _ => match field["format"].as_str() {
            Some("email") => json!("ada@example.com"),
            Some("uri") => json!("https://example.com/"),
            Some("date") => json!("2026-07-28"),
            Some("date-time") => json!("2026-07-28T12:00:00Z"),
            _ => json!("Ada"),
        },
    }
}
