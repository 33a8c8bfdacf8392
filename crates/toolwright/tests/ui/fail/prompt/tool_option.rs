use toolwright::prelude::*;

#[prompt(annotations(read_only))]
fn review(text: &str) -> String {
    text.to_owned()
}

fn main() {}
