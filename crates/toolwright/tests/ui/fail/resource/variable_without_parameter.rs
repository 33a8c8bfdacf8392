use toolwright::prelude::*;

#[resource("notes://{id}/{part}")]
fn note(id: String) -> String {
    id
}

fn main() {}
