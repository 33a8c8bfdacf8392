use toolwright::prelude::*;

#[tool(annotations(read_only, destructive))]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
