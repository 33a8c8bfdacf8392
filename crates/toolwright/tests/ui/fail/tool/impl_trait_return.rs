use toolwright::prelude::*;

#[tool]
fn size(items: Vec<u8>) -> impl std::fmt::Display {
    items.len()
}

fn main() {}
