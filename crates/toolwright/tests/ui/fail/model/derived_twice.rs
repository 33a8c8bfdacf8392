use toolwright::prelude::*;

#[model]
#[derive(Debug, toolwright::__private::serde::Serialize)]
struct Point {
    x: i64,
}

fn main() {}
