use toolwright::prelude::*;

struct Db;

#[tool]
async fn add(a: i64, db: &Db) -> i64 {
    let _ = db;
    a
}

fn main() {}
