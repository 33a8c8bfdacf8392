//! Everything at once: the fixture that the official conformance suite and the outside clients of our CI run against.
//!
//! `cargo run --example everything`, or `npx @modelcontextprotocol/inspector cargo run --example everything`.
mod changes;
mod content;
mod multi_round;
mod prompts;
mod questions;
mod resources;
mod schemas;
mod signals;

#[cfg(test)]
mod tests;

use toolwright::prelude::*;

pub(crate) fn server() -> toolwright::Result<Server> {
    Ok(Server::builder("everything")
        .version("1.0.0")
        .title("Everything")
        .instructions("A server for tests: each tool shows one thing that the protocol can do.")
        .tools(content::tools())
        .tools(signals::tools())
        .tools(questions::tools())
        .tools(multi_round::tools())
        .tools(schemas::tools())
        .tools(changes::tools())
        .resources(resources::resources())
        .prompts(prompts::prompts())
        .completions(prompts::completions())
        .build()?)
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    server()?.run().await
}
