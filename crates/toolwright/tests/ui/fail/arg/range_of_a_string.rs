use toolwright::prelude::*;

#[tool]
fn add(#[arg(range(1..=8))] a: String) -> String {
    a
}

fn main() {}
