use toolwright::prelude::*;

struct Mistake;

#[tool]
async fn add(a: i64) -> Result<i64, Mistake> {
    if a == 0 { Err(Mistake) } else { Ok(a) }
}

fn main() {}
