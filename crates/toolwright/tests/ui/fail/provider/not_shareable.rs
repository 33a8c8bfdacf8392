use toolwright::prelude::*;

struct Shop {
    sold: std::cell::Cell<u8>,
}

#[provider]
impl Shop {
    #[tool]
    fn sold(&self) -> u8 {
        self.sold.get()
    }
}

fn main() {}
