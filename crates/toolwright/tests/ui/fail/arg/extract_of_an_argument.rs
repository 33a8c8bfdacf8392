use toolwright::prelude::*;

#[tool]
fn add(#[extract] a: i64) -> i64 {
    a
}

fn main() {}
