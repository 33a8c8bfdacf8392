use toolwright::prelude::*;

#[tool(crate = "toolwright")]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
