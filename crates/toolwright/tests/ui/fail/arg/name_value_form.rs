use toolwright::prelude::*;

#[tool]
fn add(#[arg = "a"] a: i64) -> i64 {
    a
}

fn main() {}
