//! `peer-tower-mcp TOOLS stateless|session`: writes its address and serves `/mcp`.
use axum::serve::ListenerExt as _;
use serde_json::{Value, json};
use tower_mcp::{
    BoxError, CallToolResult, GetPromptResult, HttpTransport, McpRouter, PromptBuilder, ResourceBuilder,
    Tool, ToolBuilder,
};

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Add {
    a: i64,
    b: i64,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Echo {
    text: String,
}

fn add() -> Tool {
    ToolBuilder::new("add")
        .description("Add two numbers.")
        .handler(|Add { a, b }: Add| async move { Ok(CallToolResult::json(json!({ "result": a + b }))) })
        .build()
}

fn echo() -> Tool {
    ToolBuilder::new("echo")
        .description("Says it again.")
        .handler(|Echo { text }: Echo| async move { Ok(CallToolResult::text(text)) })
        .build()
}

fn other(index: usize) -> Tool {
    ToolBuilder::new(format!("look_up_{index}"))
        .description(format!("Looks things up in catalogue number {index} and says how many there are."))
        .input_schema(json!({
            "type": "object",
            "properties": {
                "query": { "type": "string", "description": "What to look for." },
                "limit": { "type": "integer", "minimum": 1, "maximum": 100, "default": 10 },
            },
            "required": ["query"],
        }))
        .handler(|_: Value| async { Ok(CallToolResult::text("nothing found")) })
        .build()
}

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let tools: usize =
        std::env::args().nth(1).ok_or("usage: peer-tower-mcp TOOLS stateless|session")?.parse()?;
    let mut router = McpRouter::new().server_info("bench", "1.0.0").tool(add());
    if tools > 1 {
        router = router.tool(echo());
    }
    for index in 2..tools {
        router = router.tool(other(index));
    }
    let today = ResourceBuilder::new("notes://today").name("today").mime_type("text/plain").text("Be kind.");
    let review = PromptBuilder::new("review")
        .description("Asks for a review.")
        .required_arg("text", "What to review.")
        .handler(|arguments| async move {
            let text = arguments.get("text").map(String::as_str).unwrap_or_default();
            Ok(GetPromptResult::user_message(format!("Please review this:\n{text}")))
        })
        .build();
    let router = router.resource(today).prompt(review);
    let app = HttpTransport::new(router).max_body_size(8 << 20).into_router_at("/mcp");
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, app).await?)
}
