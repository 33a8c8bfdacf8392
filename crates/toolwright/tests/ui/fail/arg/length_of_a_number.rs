use toolwright::prelude::*;

#[tool]
fn add(#[arg(length(1..=8))] a: i64) -> i64 {
    a
}

fn main() {}
