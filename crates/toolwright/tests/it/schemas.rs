//! What clients see of parameters and models.
use std::collections::HashMap;

use toolwright::prelude::*;

/// A place on earth.
#[model]
#[derive(Debug)]
struct Place {
    /// Its name.
    #[arg(length(1..=80), example = "Bonn")]
    name: String,
    #[arg(range(-90.0..=90.0))]
    latitude: f64,
    #[arg(default = 3, range(1..10))]
    zoom: u8,
    #[arg(enum("a", "b"), rename = "kind")]
    r#type: Option<String>,
    #[arg(default)]
    tags: Vec<String>,
}

/// A shape.
#[model]
#[serde(rename_all = "lowercase", tag = "shape")]
enum Shape {
    /// Round.
    Circle {
        #[arg(range(0.0..))]
        radius: f64,
    },
    Square {
        side: f64,
    },
    Nothing,
}

#[model]
struct Tree {
    value: i64,
    children: Vec<Tree>,
}

#[tool]
#[expect(clippy::too_many_arguments, reason = "all kinds of types in one schema")]
fn everything(
    place: Place,
    shape: &Shape,
    tree: Option<Tree>,
    map: HashMap<String, u16>,
    pair: (u8, String),
    any: serde_json::Value,
    #[arg(range(0..100), default = Some(5))] percent: Option<u8>,
    #[arg(length(1..4))] list: Vec<bool>,
    r#type: char,
) -> Place {
    let _ = (shape, tree, map, pair, any, percent, list, r#type);
    place
}

#[tool]
fn whole(Args(place): Args<Place>) -> Option<Shape> {
    (place.zoom > 3).then_some(Shape::Nothing)
}

#[tool]
fn nothing() {}

#[test]
fn parameters_are_the_schema() {
    for tool in tools![everything, whole, nothing] {
        let schemas = json!({
            "input": tool.schema(),
            "output": tool.result_schema(),
        });
        insta::assert_json_snapshot!(tool.key().name.clone(), schemas);
    }
}

#[tokio::test]
async fn limits_of_a_model_hold_wherever_it_stands() {
    let client = crate::support::client(tools![whole]).await;
    let good = json!({ "name": "Bonn", "latitude": 50.7 });
    assert_eq!(crate::support::call(&client, "whole", good).await.unwrap(), "null");
    let mut told = String::new();
    for sent in [
        json!({ "name": "", "latitude": 0 }),
        json!({ "name": "x", "latitude": 91 }),
        json!({ "name": "x", "latitude": 0, "zoom": 10 }),
        json!({ "name": "x", "latitude": 0, "kind": "c" }),
        json!({ "name": "x", "latitude": 0, "unknown": 1 }),
        json!({ "latitude": 0 }),
    ] {
        let text = crate::support::call(&client, "whole", sent.clone()).await.unwrap_err();
        told.push_str(&format!("{sent}\n    {}\n", text.replace('\n', "\n    ")));
    }
    insta::assert_snapshot!(told);
    let direct = serde_json::from_value::<Place>(json!({ "name": "", "latitude": 0 })).unwrap_err();
    assert_eq!(direct.to_string(), "`name`: expected a length from 1 to 80");
    let circle = serde_json::from_value::<Shape>(json!({ "shape": "circle", "radius": -1 })).err().unwrap();
    assert_eq!(circle.to_string(), "`radius`: expected a number from 0.0");
}

#[test]
fn a_model_round_trips() {
    let json = json!({ "name": "Bonn", "latitude": 50.7, "zoom": 3, "kind": "a", "tags": [] });
    let place: Place = serde_json::from_value(json.clone()).unwrap();
    assert_eq!((place.r#type.as_deref(), place.zoom), (Some("a"), 3));
    assert_eq!(serde_json::to_value(&place).unwrap(), json);
}

/// Both an argument and a question.
#[model]
#[derive(Elicit, Debug, PartialEq)]
enum Unit {
    #[arg(rename = "metric", title = "Metric")]
    Metric,
    Imperial,
}

#[model]
#[derive(Elicit, Debug, PartialEq)]
struct Contact {
    #[arg(format = "email", length(3..))]
    mail: String,
    #[arg(default = Unit::Imperial)]
    unit: Unit,
}

#[tool]
fn contact(contact: Contact) -> Unit {
    contact.unit
}

#[test]
fn a_model_can_be_a_question_too() {
    use toolwright::elicit::Elicit as _;
    let [tool] = tools![contact];
    insta::assert_json_snapshot!(
        json!({ "input": tool.schema(), "output": tool.result_schema(), "form": Contact::schema() })
    );
    let answer = json!({ "mail": "a@b.c", "unit": "metric" });
    let contact = Contact::from_content(answer.as_object().cloned().unwrap()).unwrap();
    assert_eq!(contact, serde_json::from_value(answer).unwrap());
}
