use toolwright::prelude::*;

struct Shop;
struct Item;

#[provider]
impl Shop {
    #[tool]
    async fn sell(&self, item: Item) -> String {
        let _ = item;
        String::new()
    }
}

fn main() {}
