use toolwright::prelude::*;

#[model]
struct Point<T> {
    #[arg(range(1..))]
    x: i64,
    y: T,
}

fn main() {}
