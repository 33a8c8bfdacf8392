use toolwright::prelude::*;

#[resource("notes://{id}/{part}")]
fn note(id: String, context: &Context) -> String {
    let _ = context;
    id
}

fn main() {}
