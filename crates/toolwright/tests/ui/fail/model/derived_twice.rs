use toolwright::prelude::*;

#[model]
#[derive(Debug, Serialize)]
struct Point {
    x: i64,
}

fn main() {}
