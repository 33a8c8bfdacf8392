use toolwright::prelude::*;

#[model(rename = "P")]
struct Point {
    x: i64,
}

fn main() {}
