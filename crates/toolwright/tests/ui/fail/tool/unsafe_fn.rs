use toolwright::prelude::*;

#[tool]
unsafe fn size(items: Vec<u8>) -> usize {
    items.len()
}

fn main() {}
