use toolwright::prelude::*;

struct Shop;

#[provider]
impl Default for Shop {
    fn default() -> Self {
        Self
    }
}

fn main() {}
