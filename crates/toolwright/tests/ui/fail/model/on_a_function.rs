use toolwright::prelude::*;

#[model]
fn add(a: i64) -> i64 {
    a
}

fn main() {}
