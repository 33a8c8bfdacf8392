use toolwright::prelude::*;

#[tool]
fn add(#[arg(header = "Region")] a: String, #[arg(header = "region")] b: String) -> String {
    a + &b
}

fn main() {}
