use toolwright::prelude::*;

#[resource("notes://today", cache(scope = "public"))]
fn today() -> String {
    String::new()
}

fn main() {}
