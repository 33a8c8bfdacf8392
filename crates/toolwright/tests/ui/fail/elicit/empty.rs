use toolwright::prelude::*;

#[derive(Elicit)]
struct Booking {}

fn main() {}
