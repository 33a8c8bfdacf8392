use toolwright::prelude::*;

#[derive(Elicit)]
struct Booking<T> {
    name: T,
}

fn main() {}
