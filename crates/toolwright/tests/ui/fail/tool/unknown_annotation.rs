use toolwright::prelude::*;

#[tool(annotations(readonly))]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
