use toolwright::prelude::*;

#[resource("notes://{/id}")]
fn note(id: String) -> String {
    id
}

fn main() {}
