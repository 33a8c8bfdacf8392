use toolwright::prelude::*;

#[tool]
fn size(items: Vec<u8>) -> usize
where
    u8: Copy,
{
    items.len()
}

fn main() {}
