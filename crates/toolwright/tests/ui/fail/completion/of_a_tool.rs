use toolwright::prelude::*;

#[tool]
fn forecast(city: String) -> String {
    city
}

#[completion(forecast.city)]
fn cities(typed: &str) -> Vec<String> {
    vec![typed.to_owned()]
}

fn main() {}
