use toolwright::prelude::*;

#[tool(blocking)]
async fn add(a: i64) -> i64 {
    a
}

fn main() {}
