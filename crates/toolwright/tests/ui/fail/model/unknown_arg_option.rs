use toolwright::prelude::*;

#[model]
struct Point {
    #[arg(header = "X")]
    x: i64,
}

fn main() {}
