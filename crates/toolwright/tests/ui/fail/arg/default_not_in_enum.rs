use toolwright::prelude::*;

#[tool]
fn add(#[arg(default = "c", enum("a", "b"))] unit: String) -> String {
    unit
}

fn main() {}
