use toolwright::prelude::*;

#[model]
struct Point {
    #[arg(range(1..))]
    x: String,
}

fn main() {}
