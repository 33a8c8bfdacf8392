use toolwright::prelude::*;

#[tool]
fn add(name: &'static str) -> usize {
    name.len()
}

fn main() {}
