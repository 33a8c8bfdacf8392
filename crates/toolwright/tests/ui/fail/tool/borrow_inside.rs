use toolwright::prelude::*;

#[tool]
fn add(name: Option<&str>) -> usize {
    name.map_or(0, str::len)
}

fn main() {}
