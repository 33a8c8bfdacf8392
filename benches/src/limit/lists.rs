use serde_json::{Value, json};

/// The results of `tools/list`, ready.
#[derive(Debug)]
pub(super) struct Lists {
    pub(super) legacy: String,
    pub(super) modern: String,
}

impl Lists {
    pub(super) fn of(count: usize) -> Self {
        let legacy = json!({ "tools": tools(count) }).to_string();
        let modern = json!({
            "tools": tools(count),
            "resultType": "complete",
            "ttlMs": 0,
            "cacheScope": "private",
            "_meta": { "io.modelcontextprotocol/serverInfo": { "name": "bench", "version": "1.0.0" } },
        });
        Self { legacy, modern: modern.to_string() }
    }
}

fn tools(count: usize) -> Vec<Value> {
    let add = json!({
        "name": "add",
        "description": "Add two numbers.",
        "inputSchema": {
            "type": "object",
            "properties": { "a": { "type": "integer" }, "b": { "type": "integer" } },
            "required": ["a", "b"],
            "additionalProperties": false,
        },
    });
    let echo = json!({
        "name": "echo",
        "description": "Says it again.",
        "inputSchema": {
            "type": "object",
            "properties": { "text": { "type": "string" } },
            "required": ["text"],
            "additionalProperties": false,
        },
    });
    [add, echo].into_iter().chain((2..count).map(other)).take(count).collect()
}

/// The same as in the server under test.
fn other(index: usize) -> Value {
    json!({
        "name": format!("look_up_{index}"),
        "description": format!("Looks things up in catalogue number {index} and says how many there are."),
        "inputSchema": {
            "type": "object",
            "properties": {
                "query": { "type": "string", "description": "What to look for." },
                "limit": { "type": "integer", "minimum": 1, "maximum": 100, "default": 10 },
            },
            "required": ["query"],
        },
    })
}
