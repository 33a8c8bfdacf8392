use toolwright::prelude::*;

#[tool(requires(elicit))]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
