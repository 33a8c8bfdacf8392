use toolwright::prelude::*;

#[tool]
fn add(#[arg(range(8))] a: i64) -> i64 {
    a
}

fn main() {}
