use toolwright::prelude::*;

#[resource("notes://{id}")]
fn note(id: String, part: u8) -> String {
    format!("{id}{part}")
}

fn main() {}
