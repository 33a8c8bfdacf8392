use toolwright::prelude::*;

#[tool(name = "add numbers")]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
