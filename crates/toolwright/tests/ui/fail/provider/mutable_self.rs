use toolwright::prelude::*;

struct Shop;

#[provider]
impl Shop {
    #[tool]
    fn sell(&mut self, item: String) -> String {
        item
    }
}

fn main() {}
