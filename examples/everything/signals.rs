//! What a tool can say before it answers.
use std::time::Duration;

use tokio::time::sleep;
use toolwright::prelude::*;

const STEP: Duration = Duration::from_millis(50);

/// Log three messages while running.
#[tool(annotations(read_only))]
async fn test_tool_with_logging(ctx: &Context) -> &'static str {
    ctx.info("Tool execution started");
    sleep(STEP).await;
    ctx.info("Tool processing data");
    sleep(STEP).await;
    ctx.info("Tool execution completed");
    "Tool with logging executed successfully"
}

/// Report progress three times while running.
#[tool(annotations(read_only))]
async fn test_tool_with_progress(progress: Progress) -> &'static str {
    progress.report(0, 100);
    sleep(STEP).await;
    progress.report(50, 100);
    sleep(STEP).await;
    progress.report(100, 100);
    "Tool with progress executed successfully"
}

/// Let the client come back for the answer: its connection ends before there is one.
#[tool(annotations(read_only))]
async fn test_reconnection(ctx: &Context) -> &'static str {
    ctx.close_stream(Some(STEP));
    sleep(2 * STEP).await;
    "Reconnection test completed successfully"
}

/// Answer after a while, with progress at the start of it.
#[tool(annotations(read_only))]
async fn wait(progress: Progress, #[arg(range(0..=5000))] milliseconds: u64) -> String {
    progress.report(0, 1);
    sleep(Duration::from_millis(milliseconds)).await;
    format!("Waited for {milliseconds} ms")
}

/// Log one message, if the client wants any.
#[tool(annotations(read_only))]
async fn test_logging_tool(ctx: &Context) -> &'static str {
    ctx.info("This message is for clients that asked for it");
    "Logging tool executed successfully"
}

pub(crate) fn tools() -> [Tool; 5] {
    tools![test_tool_with_logging, test_tool_with_progress, test_logging_tool, test_reconnection, wait]
}
