use toolwright::prelude::*;

#[tool]
fn size(items: impl Into<Vec<u8>>) -> usize {
    items.into().len()
}

fn main() {}
