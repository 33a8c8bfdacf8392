use toolwright::{
    core::model::{ContentBlock, ProgressParams, ResourceContents},
    prelude::{json, serde_json::Value},
};

/// The name that a value has in the protocol.
pub(crate) fn name(value: Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// A line of a list: the first line of the description is enough.
pub(crate) fn item(name: &str, description: Option<&str>) -> String {
    match description.and_then(|text| text.lines().next()) {
        Some(text) => format!("  {name}: {text}"),
        None => format!("  {name}"),
    }
}

pub(crate) fn block(block: &ContentBlock) -> String {
    match block {
        ContentBlock::Text(text) => text.text.clone(),
        ContentBlock::Image(image) => format!("(an image, {})", image.mime_type),
        ContentBlock::Audio(audio) => format!("(audio, {})", audio.mime_type),
        ContentBlock::ResourceLink(resource) => format!("(see {})", resource.uri),
        ContentBlock::Resource(embedded) => contents(&embedded.resource),
        other => json!(other).to_string(),
    }
}

pub(crate) fn contents(contents: &ResourceContents) -> String {
    match contents {
        ResourceContents::Text(text) => text.text.clone(),
        other => format!("({}, no text)", other.uri()),
    }
}

pub(crate) fn progress(report: &ProgressParams) -> String {
    let total = report.total.as_ref().map(|total| format!(" of {total}")).unwrap_or_default();
    let message = report.message.as_ref().map(|message| format!(": {message}")).unwrap_or_default();
    format!("... {}{total}{message}", report.progress)
}
