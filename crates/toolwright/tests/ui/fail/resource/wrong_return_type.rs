use toolwright::prelude::*;

struct Note;

#[resource("notes://today")]
fn today() -> Note {
    Note
}

fn main() {}
