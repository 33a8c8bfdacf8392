use toolwright::prelude::*;

#[derive(Elicit)]
enum Seat {
    Any,
    Row(char),
}

fn main() {}
