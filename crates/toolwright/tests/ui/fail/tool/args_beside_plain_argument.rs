use toolwright::prelude::*;

#[model]
struct One {
    a: u8,
}

#[tool]
fn forecast(days: u8, one: Args<One>) -> u8 {
    one.a + days
}

fn main() {}
