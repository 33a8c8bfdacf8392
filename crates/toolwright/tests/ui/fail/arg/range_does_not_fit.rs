use toolwright::prelude::*;

#[tool]
fn add(#[arg(range(0..=300))] a: u8) -> u8 {
    a
}

fn main() {}
