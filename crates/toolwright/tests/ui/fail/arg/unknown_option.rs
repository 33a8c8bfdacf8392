use toolwright::prelude::*;

#[tool]
fn add(#[arg(defualt = 1)] a: i64) -> i64 {
    a
}

fn main() {}
