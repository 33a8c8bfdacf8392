use toolwright::prelude::*;

#[tool(timeout = "30 seconds")]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
