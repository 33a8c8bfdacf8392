//! What a tool can return.
use toolwright::prelude::*;

/// Answer with a text.
#[tool(annotations(read_only))]
fn test_simple_text() -> &'static str {
    "This is a simple text response for testing."
}

/// Answer with an image.
#[tool(annotations(read_only))]
fn test_image_content() -> Image {
    pixel()
}

/// Answer with a sound.
#[tool(annotations(read_only))]
fn test_audio_content() -> Audio {
    Audio::new(include_bytes!("silence.wav"), "audio/wav")
}

/// Answer with a resource inside the result.
#[tool(annotations(read_only))]
fn test_embedded_resource() -> File {
    File::text("test://embedded-resource", "This is an embedded resource content.").mime("text/plain")
}

/// Answer with a text, an image and a resource.
#[tool(annotations(read_only))]
fn test_multiple_content_types() -> (&'static str, Image, File) {
    let data = json!({ "test": "data", "value": 123 }).to_string();
    let file = File::text("test://mixed-content-resource", data).mime("application/json");
    ("Multiple content types test:", pixel(), file)
}

/// Fail.
#[tool(annotations(read_only))]
fn test_error_handling() -> Result<String, HandlerError> {
    Err("This tool intentionally returns an error for testing".into())
}

/// Greet somebody.
#[tool(annotations(read_only))]
fn greet(name: &str) -> String {
    format!("Hello, {name}!")
}

/// A red pixel.
pub(crate) fn pixel() -> Image {
    Image::new(include_bytes!("pixel.png"), "image/png")
}

pub(crate) fn tools() -> [Tool; 7] {
    tools![
        test_simple_text,
        test_image_content,
        test_audio_content,
        test_embedded_resource,
        test_multiple_content_types,
        test_error_handling,
        greet,
    ]
}
