use toolwright::prelude::*;

#[tool]
fn add(#[arg(header = "My Region")] a: String) -> String {
    a
}

fn main() {}
