use toolwright::prelude::*;

#[tool]
fn size<T>(items: Vec<u8>) -> usize {
    items.len()
}

fn main() {}
