use toolwright::prelude::*;

#[model]
struct Point {
    x: i64,
}

#[tool]
fn add(#[arg(enum("a", "b"))] point: Point) -> i64 {
    point.x
}

fn main() {}
