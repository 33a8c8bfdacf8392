use toolwright::prelude::*;

struct Sum(i64);

#[tool]
async fn add(a: i64) -> Result<Sum, HandlerError> {
    Ok(Sum(a))
}

fn main() {}
