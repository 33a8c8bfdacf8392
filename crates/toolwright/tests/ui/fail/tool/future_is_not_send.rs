use toolwright::prelude::*;

#[tool]
async fn add(a: i64) -> i64 {
    let shared = std::rc::Rc::new(a);
    std::future::ready(()).await;
    *shared
}

fn main() {}
