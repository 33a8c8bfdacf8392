//! `peer-rmcp TOOLS stateless|session`: writes its address and serves `/mcp`.
use std::sync::Arc;

use axum::serve::ListenerExt as _;
use rmcp::{
    ErrorData, Json, RoleServer, ServerHandler,
    handler::server::{
        router::tool::{ToolRoute, ToolRouter},
        wrapper::Parameters,
    },
    model::{
        CallToolResult, ContentBlock, GetPromptRequestParams, GetPromptResponse, GetPromptResult,
        Implementation, PromptMessage, ReadResourceRequestParams, ReadResourceResponse, ReadResourceResult,
        ResourceContents, Role, ServerCapabilities, ServerConfig, Tool,
    },
    service::RequestContext,
    tool, tool_handler, tool_router,
    transport::streamable_http_server::{
        StreamableHttpServerConfig, StreamableHttpService, session::local::LocalSessionManager,
    },
};
use serde_json::json;

#[derive(Clone)]
struct Bench {
    tool_router: Arc<ToolRouter<Self>>,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Add {
    a: i64,
    b: i64,
}

#[derive(serde::Serialize, schemars::JsonSchema)]
struct Sum {
    result: i64,
}

#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Echo {
    text: String,
}

#[tool_router]
impl Bench {
    #[tool(description = "Add two numbers.")]
    fn add(&self, Parameters(Add { a, b }): Parameters<Add>) -> Json<Sum> {
        Json(Sum { result: a + b })
    }

    #[tool(description = "Says it again.")]
    fn echo(&self, Parameters(Echo { text }): Parameters<Echo>) -> String {
        text
    }
}

fn other(index: usize) -> ToolRoute<Bench> {
    let schema = json!({
        "type": "object",
        "properties": {
            "query": { "type": "string", "description": "What to look for." },
            "limit": { "type": "integer", "minimum": 1, "maximum": 100, "default": 10 },
        },
        "required": ["query"],
    });
    let description = format!("Looks things up in catalogue number {index} and says how many there are.");
    let schema = schema.as_object().cloned().unwrap_or_default();
    let tool = Tool::new(format!("look_up_{index}"), description, Arc::new(schema));
    ToolRoute::new_dyn(tool, |_| {
        Box::pin(async { Ok(CallToolResult::success(vec![ContentBlock::text("nothing found")]).into()) })
    })
}

impl Bench {
    fn new(tools: usize) -> Self {
        let mut router = Self::tool_router();
        if tools < 2 {
            router.map.remove("echo");
        }
        for index in 2..tools {
            router.add_route(other(index));
        }
        Self { tool_router: Arc::new(router) }
    }
}

#[tool_handler(router = self.tool_router)]
impl ServerHandler for Bench {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder()
            .enable_tools()
            .enable_tool_list_changed()
            .enable_resources()
            .enable_prompts();
        let mut info = ServerConfig::new(capabilities.build());
        info.server_info = Implementation::new("bench", "1.0.0");
        info
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<ReadResourceResponse, ErrorData> {
        if request.uri != "notes://today" {
            return Err(ErrorData::resource_not_found("no such resource", None));
        }
        let text = ResourceContents::text("Be kind.", request.uri);
        Ok(ReadResourceResult::new(vec![text]).into())
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        _: RequestContext<RoleServer>,
    ) -> Result<GetPromptResponse, ErrorData> {
        let arguments = request.arguments.unwrap_or_default();
        let text = arguments.get("text").and_then(|text| text.as_str());
        let (true, Some(text)) = (request.name == "review", text) else {
            return Err(ErrorData::invalid_params("no such prompt, or no text", None));
        };
        let message = PromptMessage::new_text(Role::User, format!("Please review this:\n{text}"));
        Ok(GetPromptResult::new(vec![message]).into())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [tools, mode] = arguments.as_slice() else {
        return Err("usage: peer-rmcp TOOLS stateless|session".into());
    };
    let bench = Bench::new(tools.parse()?);
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(mode == "session")
        .with_json_response(true)
        .with_max_request_body_bytes(8 << 20);
    let service = StreamableHttpService::new(
        move || Ok(bench.clone()),
        Arc::new(LocalSessionManager::default()),
        config,
    );
    let app = axum::Router::new().nest_service("/mcp", service);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    Ok(axum::serve(listener, app).await?)
}
