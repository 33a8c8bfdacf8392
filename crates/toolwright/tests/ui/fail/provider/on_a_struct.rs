use toolwright::prelude::*;

#[provider]
struct Shop;

fn main() {}
