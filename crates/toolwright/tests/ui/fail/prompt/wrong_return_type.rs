use toolwright::prelude::*;

struct Note;

#[prompt]
fn review(text: &str) -> Note {
    let _ = text;
    Note
}

fn main() {}
