//! Lists that change while the server runs.
use toolwright::{component::ComponentKey, component::Kind, prelude::*};

/// Add a tool, or take it away if it is there, so that clients hear that the list changed.
#[tool]
async fn test_trigger_tool_change(server: Server) -> Result<&'static str, HandlerError> {
    if !server.remove(&ComponentKey::new(Kind::Tool, "test_triggered_tool")) {
        let tool = Tool::new("test_triggered_tool").description("Comes and goes.");
        server.add_tool(tool.handler(async || "triggered"))?;
    }
    Ok("The list of tools changed")
}

/// Add a prompt, or take it away if it is there, so that clients hear that the list changed.
#[tool]
async fn test_trigger_prompt_change(server: Server) -> Result<&'static str, HandlerError> {
    if !server.remove(&ComponentKey::new(Kind::Prompt, "test_triggered_prompt")) {
        let prompt = Prompt::new("test_triggered_prompt").description("Comes and goes.");
        server.add_prompt(prompt.handler(async || "triggered"))?;
    }
    Ok("The list of prompts changed")
}

pub(crate) fn tools() -> [Tool; 2] {
    tools![test_trigger_tool_change, test_trigger_prompt_change]
}
