use toolwright::prelude::*;

#[tool(meta("io.modelcontextprotocol/x" = 1))]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
