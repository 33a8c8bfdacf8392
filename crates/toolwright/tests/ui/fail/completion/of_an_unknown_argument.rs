use toolwright::prelude::*;

#[prompt]
fn forecast(city: String) -> String {
    city
}

#[completion(forecast.town)]
fn cities(typed: &str) -> Vec<String> {
    vec![typed.to_owned()]
}

fn main() {}
