use toolwright::prelude::*;

struct Sum(i64);

#[tool]
fn add(a: i64) -> Sum {
    Sum(a)
}

fn main() {}
