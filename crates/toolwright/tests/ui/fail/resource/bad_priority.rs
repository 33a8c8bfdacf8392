use toolwright::prelude::*;

#[resource("notes://today", priority = 2.0)]
fn today() -> String {
    String::new()
}

fn main() {}
