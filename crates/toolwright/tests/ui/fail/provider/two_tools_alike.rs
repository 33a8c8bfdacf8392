use toolwright::prelude::*;

struct Shop;

#[provider]
impl Shop {
    #[tool]
    fn sell(&self, item: String) -> String {
        item
    }

    #[tool(name = "sell")]
    fn give(&self, item: String) -> String {
        item
    }
}

fn main() {}
