use toolwright::prelude::*;

#[tool(meta("a b" = 1))]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
