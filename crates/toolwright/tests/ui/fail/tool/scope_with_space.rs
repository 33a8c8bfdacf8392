use toolwright::prelude::*;

#[tool(scopes("read write"))]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
