use toolwright::prelude::*;

#[model]
struct Point {
    #[arg(default = 0, range(1..))]
    x: i64,
}

fn main() {}
