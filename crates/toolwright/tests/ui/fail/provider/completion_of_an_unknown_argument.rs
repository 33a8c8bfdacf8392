use toolwright::prelude::*;

struct Shop;

#[provider]
impl Shop {
    #[prompt]
    fn advertise(&self, item: String) -> String {
        item
    }

    #[completion(advertise.thing)]
    fn items(&self, typed: &str) -> Vec<String> {
        vec![typed.to_owned()]
    }
}

fn main() {}
