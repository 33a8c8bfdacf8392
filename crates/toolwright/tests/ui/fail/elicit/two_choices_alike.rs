use toolwright::prelude::*;

#[derive(Elicit)]
enum Seat {
    #[arg(rename = "b")]
    A,
    #[arg(rename = "b")]
    B,
}

fn main() {}
