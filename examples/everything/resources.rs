//! Resources and a template.
use toolwright::prelude::*;

use super::content::pixel;

/// A text that stays the same.
#[resource("test://static-text", mime = "text/plain")]
fn static_text() -> &'static str {
    "This is the content of the static text resource."
}

/// A picture that stays the same.
#[resource("test://static-binary", mime = "image/png")]
fn static_binary() -> Image {
    pixel()
}

/// A resource to subscribe to.
#[resource("test://watched-resource", mime = "text/plain")]
fn watched_resource() -> &'static str {
    "This resource can be watched."
}

/// Data about any id.
#[resource("test://template/{id}/data", mime = "application/json")]
fn template_data(id: &str) -> serde_json::Value {
    json!({ "id": id, "templateTest": true, "data": format!("Data for ID: {id}") })
}

pub(crate) fn resources() -> [Resource; 4] {
    resources![static_text, static_binary, watched_resource, template_data]
}
