use toolwright::prelude::*;

#[resource("notes://{id}", size = 3)]
fn note(id: String) -> String {
    id
}

fn main() {}
