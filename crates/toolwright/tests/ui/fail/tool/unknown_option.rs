use toolwright::prelude::*;

#[tool(tiemout = "30s")]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
