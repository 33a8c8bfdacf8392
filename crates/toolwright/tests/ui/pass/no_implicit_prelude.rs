//! Expansions name everything by absolute paths.
#![no_implicit_prelude]
#![deny(warnings)]

use ::std::{option::Option, string::String, vec::Vec};
use ::toolwright::{Context, Elicit, HandlerError, completion, extract::State, prompt, provider, resource, tool};

// The derive of `schemars` does not name everything by absolute paths, so models need the prelude.
mod models {
    use ::std::prelude::rust_2024::*;
    use ::toolwright::model;

    #[model]
    pub(super) struct Place {
        #[arg(length(1..=80), default = "Bonn")]
        pub(super) name: String,
        #[arg(range(-90.0..=90.0))]
        pub(super) latitude: f64,
        pub(super) note: Option<String>,
    }

    #[model]
    pub(super) enum Unit {
        Metric,
        Other { #[arg(enum("a", "b"))] name: String },
    }
}

use models::{Place, Unit};

#[derive(Elicit)]
enum Row {
    #[arg(title = "In front")]
    Front,
    Back,
}

/// Seats.
#[derive(Elicit)]
struct Seats {
    /// Which row.
    row: Row,
    #[arg(default = false)]
    aisle: bool,
    others: Vec<Row>,
}

/// Forecast.
#[tool(
    title = "Forecast",
    annotations(read_only, open_world = false, title = "F"),
    icons("https://example.org/icon.png"),
    tags("a", "b"),
    version = "1",
    timeout = "30s",
    meta("example.org/x" = { "a": [1, null] }, plain = true),
    scopes("weather:read"),
    requires(elicitation, roots)
)]
async fn forecast(
    context: &Context,
    state: State<u8>,
    place: &Place,
    #[arg(default)] unit: Option<Unit>,
    #[arg(default = 1, range(1..=8))] days: u8,
    #[arg(enum("low", "high"), default = "low", pattern = "l|h", example = "low")] detail: &str,
) -> ::core::result::Result<f64, HandlerError> {
    let _ = (context, state, unit, days, detail);
    ::core::result::Result::Ok(place.latitude)
}

#[tool(blocking)]
fn compute(numbers: &[u64]) -> u64 {
    numbers[0]
}

#[resource("weather://{city}/now", mime = "text/plain", audience(user), priority = 0.5, cache(ttl = "60s", scope = "public"))]
fn now(city: &str) -> String {
    ::std::borrow::ToOwned::to_owned(city)
}

#[prompt]
fn review(text: String) -> String {
    text
}

#[completion(review.text)]
fn texts(typed: String) -> Vec<String> {
    <[_]>::into_vec(::std::boxed::Box::new([typed]))
}

struct Shop;

#[provider]
impl Shop {
    #[tool]
    async fn sell(&self, item: String) -> String {
        item
    }

    #[prompt]
    fn ask(&self, item: String) -> String {
        item
    }

    #[completion(ask.item)]
    fn items(&self, typed: String) -> Vec<String> {
        <[_]>::into_vec(::std::boxed::Box::new([typed]))
    }
}

fn main() {
    let _ = ::toolwright::tools![forecast, compute];
    let _ = ::toolwright::resources![now];
    let _ = ::toolwright::prompts![review];
    let _ = ::toolwright::completions![texts];
    let _ = ::toolwright::__private::DefineProvider::components(Shop);
    let seats = Seats { row: Row::Front, aisle: true, others: Vec::new() };
    let _ = (seats.row, seats.aisle, seats.others, Row::Back, Unit::Metric);
    let _ = Place { name: String::new(), latitude: 0.0, note: Option::None }.name;
}
