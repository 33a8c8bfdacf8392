use toolwright::prelude::*;

#[model]
struct One {
    a: u8,
}

#[model]
struct Two {
    b: u8,
}

#[tool]
fn forecast(Args(one): Args<One>, Args(two): Args<Two>) -> u8 {
    one.a + two.b
}

fn main() {}
