//! The server under test.
use serde_json::json;
use toolwright::prelude::*;
use toolwright_server::{Server, Tool, respond::IntoToolResult as _};

/// A server with `add`, `echo` and as many other tools as make `count`, a resource and a prompt.
///
/// # Panics
/// If the builder refuses them.
pub fn server(count: usize) -> Server {
    let mut builder = Server::builder("bench").version("1.0.0").tools(tools![add]);
    if count > 1 {
        builder = builder.tools(tools![echo]);
    }
    for index in 2..count {
        builder = builder.tool(other(index));
    }
    builder.resources(resources![today]).prompts(prompts![review]).build().expect("the fixture is legal")
}

/// Add two numbers.
#[tool]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

/// Says it again.
#[tool]
fn echo(text: String) -> String {
    text
}

/// As large in a list as tools usually are.
fn other(index: usize) -> Tool {
    Tool::new(format!("look_up_{index}"))
        .description(format!("Looks things up in catalogue number {index} and says how many there are."))
        .input_schema(json!({
            "type": "object",
            "properties": {
                "query": { "type": "string", "description": "What to look for." },
                "limit": { "type": "integer", "minimum": 1, "maximum": 100, "default": 10 },
            },
            "required": ["query"],
        }))
        .raw_handler(|_, _| async { "nothing found".into_result() })
}

#[resource("notes://today", mime = "text/plain")]
fn today() -> &'static str {
    "Be kind."
}

/// Asks for a review.
#[prompt]
fn review(text: String) -> String {
    format!("Please review this:\n{text}")
}
