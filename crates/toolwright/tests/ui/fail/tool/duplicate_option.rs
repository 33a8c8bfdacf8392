use toolwright::prelude::*;

#[tool(version = "1", version = "2")]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
