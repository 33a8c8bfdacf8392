use toolwright::prelude::*;

/// Add two numbers.
#[tool]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[tokio::main]
async fn main() -> toolwright::Result<()> {
    Server::builder("demo").tools(tools![add]).run().await // stdio, or HTTP with `--http`
}
