use toolwright::prelude::*;

#[resource("notes://{id}")]
fn note(id: String, #[arg(default = 1)] part: u8) -> String {
    format!("{id}{part}")
}

fn main() {}
