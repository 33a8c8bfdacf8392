use toolwright::prelude::*;

#[resource]
fn today() -> String {
    String::new()
}

fn main() {}
