use toolwright::prelude::*;

#[tool]
extern "C" fn size(items: u8) -> u8 {
    items
}

fn main() {}
