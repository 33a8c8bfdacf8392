use toolwright::prelude::*;

#[derive(Elicit)]
struct Booking(String);

fn main() {}
