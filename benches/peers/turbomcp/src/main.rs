//! `peer-turbomcp TOOLS stateless|session`: writes its address and serves `/mcp`.
use std::{collections::HashMap, net::SocketAddr, sync::Arc};

use axum::serve::ListenerExt as _;
use serde_json::{Value, json};
use turbomcp::{
    CallToolContext, GetPromptContext, Implementation, IntoCallToolResult as _, IntoServerBuilder as _, Json,
    ListPromptsContext, ListResourcesContext, ListToolsContext, McpError, McpResult, McpServerCore,
    ReadResourceContext, WithPrompts, WithResources, WithTools,
    http::{HttpConfig, router},
    neutral,
};

/// Its macro takes tools that are known when it is compiled; as many as one wants need the traits.
#[derive(Clone)]
struct Bench {
    tools: Arc<Tools>,
}

struct Tools {
    list: Vec<neutral::Tool>,
    places: HashMap<String, usize>,
}

#[derive(serde::Deserialize)]
struct Add {
    a: i64,
    b: i64,
}

#[derive(serde::Serialize)]
struct Sum {
    result: i64,
}

#[derive(serde::Deserialize)]
struct Echo {
    text: String,
}

fn tool(name: String, description: String, input_schema: Value) -> neutral::Tool {
    let mut tool = neutral::Tool::new(name, input_schema);
    tool.description = Some(description);
    tool
}

fn tools(count: usize) -> Tools {
    let add = json!({
        "type": "object",
        "properties": { "a": { "type": "integer" }, "b": { "type": "integer" } },
        "required": ["a", "b"],
    });
    let echo = json!({
        "type": "object",
        "properties": { "text": { "type": "string" } },
        "required": ["text"],
    });
    let other = |index: usize| {
        let schema = json!({
            "type": "object",
            "properties": {
                "query": { "type": "string", "description": "What to look for." },
                "limit": { "type": "integer", "minimum": 1, "maximum": 100, "default": 10 },
            },
            "required": ["query"],
        });
        let description = format!("Looks things up in catalogue number {index} and says how many there are.");
        tool(format!("look_up_{index}"), description, schema)
    };
    let own = [
        tool("add".into(), "Add two numbers.".into(), add),
        tool("echo".into(), "Says it again.".into(), echo),
    ];
    let list: Vec<_> = own.into_iter().chain((2..count).map(other)).take(count).collect();
    let places = list.iter().enumerate().map(|(place, tool)| (tool.name.clone(), place)).collect();
    Tools { list, places }
}

fn arguments<T: serde::de::DeserializeOwned>(params: neutral::CallToolParams) -> McpResult<T> {
    serde_json::from_value(Value::Object(params.arguments))
        .map_err(|error| McpError::invalid_params(error.to_string()))
}

impl McpServerCore for Bench {
    fn server_info(&self) -> Implementation {
        Implementation::new("bench", "1.0.0")
    }
}

impl WithTools for Bench {
    async fn lookup_tool(&self, _: &ListToolsContext, name: String) -> McpResult<Option<neutral::Tool>> {
        Ok(self.tools.places.get(&name).map(|place| self.tools.list[*place].clone()))
    }

    async fn list_tools(
        &self,
        _: &ListToolsContext,
        _: neutral::ListParams,
    ) -> McpResult<neutral::ListToolsResult> {
        Ok(neutral::ListToolsResult::new(self.tools.list.clone()))
    }

    async fn call_tool(
        &self,
        _: &CallToolContext,
        params: neutral::CallToolParams,
    ) -> McpResult<neutral::CallToolResult> {
        match &*params.name {
            "add" => {
                let Add { a, b } = arguments(params)?;
                Json(Sum { result: a + b }).into_call_tool_result()
            }
            "echo" => {
                let Echo { text } = arguments(params)?;
                Ok(neutral::CallToolResult::text(text))
            }
            _ => Ok(neutral::CallToolResult::text("nothing found")),
        }
    }
}

impl WithResources for Bench {
    async fn list_resources(
        &self,
        _: &ListResourcesContext,
        _: neutral::ListParams,
    ) -> McpResult<neutral::ListResourcesResult> {
        Ok(neutral::ListResourcesResult::new(vec![neutral::Resource::new("notes://today", "today")]))
    }

    async fn read_resource(
        &self,
        _: &ReadResourceContext,
        params: neutral::ReadResourceParams,
    ) -> McpResult<neutral::ReadResourceResult> {
        Ok(neutral::ReadResourceResult::text(params.uri, "Be kind."))
    }
}

impl WithPrompts for Bench {
    async fn list_prompts(
        &self,
        _: &ListPromptsContext,
        _: neutral::ListParams,
    ) -> McpResult<neutral::ListPromptsResult> {
        let mut review = neutral::Prompt::new("review");
        review.arguments.push(neutral::PromptArgument::new("text"));
        Ok(neutral::ListPromptsResult::new(vec![review]))
    }

    async fn get_prompt(
        &self,
        _: &GetPromptContext,
        params: neutral::GetPromptParams,
    ) -> McpResult<neutral::GetPromptResult> {
        let text = params.arguments.get("text").ok_or_else(|| McpError::invalid_params("no text"))?;
        let message = neutral::PromptMessage::user_text(format!("Please review this:\n{text}"));
        Ok(neutral::GetPromptResult::new(vec![message]))
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let tools =
        tools(std::env::args().nth(1).ok_or("usage: peer-turbomcp TOOLS stateless|session")?.parse()?);
    let bench = Bench { tools: Arc::new(tools) };
    let service = bench.into_server().with_tools().with_resources().with_prompts().build();
    let config = HttpConfig::new().path("/mcp").max_body_bytes(8 << 20).max_concurrent_requests(20_000);
    let config = config.with_session_terminator(Arc::new(service.session_terminator()));
    let app = router(service, config);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, app.into_make_service_with_connect_info::<SocketAddr>()).await?)
}
