use toolwright::prelude::*;

/// Add two numbers.
#[tool]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

fn main() {
    assert_eq!(add(2, 3), 5);
    let add = tools![add];
    assert_eq!(add.len(), 1);
}
