use toolwright::prelude::*;

fn add(a: i64) -> i64 {
    a
}

fn list() {
    let _ = tools![add];
}

fn main() {}
