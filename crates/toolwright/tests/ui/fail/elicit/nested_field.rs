use toolwright::prelude::*;

#[derive(Elicit)]
struct Seat {
    row: char,
}

#[derive(Elicit)]
struct Booking {
    name: String,
    seat: Seat,
}

fn main() {}
