use toolwright::prelude::*;

#[resource("today")]
fn today() -> String {
    String::new()
}

fn main() {}
