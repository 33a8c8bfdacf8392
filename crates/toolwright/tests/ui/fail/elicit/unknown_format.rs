use toolwright::prelude::*;

#[derive(Elicit)]
struct Booking {
    #[arg(format = "phone")]
    number: String,
}

fn main() {}
