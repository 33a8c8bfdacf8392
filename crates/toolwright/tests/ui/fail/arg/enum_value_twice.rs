use toolwright::prelude::*;

#[tool]
fn add(#[arg(enum("a", "a"))] unit: String) -> String {
    unit
}

fn main() {}
