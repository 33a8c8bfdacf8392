//! The limit over HTTP: a bare axum handler. Its argument is the number of tools; it writes its address and serves `/mcp`.
#![expect(clippy::print_stdout, reason = "the address is for the program that runs this")]

use std::error::Error;

use tokio::net::TcpListener;
use toolwright_benches::bare;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let tools = std::env::args().nth(1).map_or(Ok(100), |count| count.parse())?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?);
    Ok(bare::serve(listener, tools).await?)
}
