use toolwright::prelude::*;

struct Shop;

impl Shop {
    #[tool]
    fn size(&self, items: Vec<u8>) -> usize {
        items.len()
    }
}

fn main() {}
