use toolwright::prelude::*;

struct Shop;

#[provider]
impl Shop {
    fn sell(&self, item: String) -> String {
        item
    }
}

fn main() {}
