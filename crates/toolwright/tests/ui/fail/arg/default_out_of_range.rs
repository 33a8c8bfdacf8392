use toolwright::prelude::*;

#[tool]
fn add(#[arg(default = 9, range(1..=8))] a: i64) -> i64 {
    a
}

fn main() {}
