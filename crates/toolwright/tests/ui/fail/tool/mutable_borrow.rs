use toolwright::prelude::*;

#[tool]
fn add(items: &mut [i64]) -> usize {
    items.len()
}

fn main() {}
