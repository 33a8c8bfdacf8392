use toolwright::prelude::*;

#[prompt]
fn add(#[arg(header = "Region")] a: String) -> String {
    a
}

fn main() {}
