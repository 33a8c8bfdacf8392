use toolwright::prelude::*;

#[derive(Elicit)]
struct Booking {
    names: Vec<String>,
}

fn main() {}
