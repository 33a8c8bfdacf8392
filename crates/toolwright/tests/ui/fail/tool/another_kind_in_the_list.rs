use toolwright::prelude::*;

#[prompt]
fn add(a: i64) -> String {
    a.to_string()
}

fn list() {
    let _ = tools![add];
}

fn main() {}
