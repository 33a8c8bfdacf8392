use toolwright::prelude::*;

#[resource("notes://today", mime = "markdown")]
fn today() -> String {
    String::new()
}

fn main() {}
