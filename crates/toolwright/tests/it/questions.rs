//! `derive(Elicit)`: forms as types.
use toolwright::{elicit::Elicit as _, prelude::*};

#[derive(Elicit, Debug, PartialEq)]
enum Row {
    #[arg(title = "In front")]
    Front,
    #[arg(rename = "back")]
    Back,
}

#[derive(Elicit, Debug, PartialEq)]
enum Plain {
    One,
    Two,
}

/// Seats that a guest prefers.
#[derive(Elicit, Debug, PartialEq)]
struct Seats {
    /** Row, A to Z. */
    letter: char,
    #[arg(title = "Row", default = Row::Back)]
    row: Row,
    #[arg(default = false)]
    aisle: bool,
    #[arg(format = "email", length(3..))]
    mail: String,
    #[arg(range(1..=8), default = 2)]
    count: u8,
    price: Option<f64>,
    #[arg(length(1..=2))]
    others: Vec<Plain>,
}

fn read(content: serde_json::Value) -> Result<Seats, String> {
    Seats::from_content(content.as_object().cloned().unwrap()).map_err(|error| error.to_string())
}

#[test]
fn a_form_is_flat_with_titles_defaults_and_formats() {
    insta::assert_json_snapshot!(Seats::schema());
}

#[test]
fn answers_become_the_type() {
    let seats =
        read(json!({ "letter": "C", "mail": "a@b.c", "others": ["One", "Two"], "count": 3.0, "extra": 1 }));
    let expected = Seats {
        letter: 'C',
        row: Row::Back,
        aisle: false,
        mail: "a@b.c".to_owned(),
        count: 3,
        price: None,
        others: vec![Plain::One, Plain::Two],
    };
    assert_eq!(seats.unwrap(), expected);
    for (answer, part) in [
        (json!({ "mail": "a@b.c", "others": ["One"] }), "letter"),
        (json!({ "letter": "C", "mail": "a", "others": ["One"] }), "$.mail"),
        (json!({ "letter": "C", "mail": "a@b.c", "others": ["Three"] }), "$.others[0]"),
        (json!({ "letter": "C", "mail": "a@b.c", "others": [] }), "$.others"),
        (json!({ "letter": "C", "mail": "a@b.c", "others": ["One"], "row": "Middle" }), "$.row"),
    ] {
        let error = read(answer.clone()).unwrap_err();
        assert!(error.contains(part), "{answer}: {error}");
    }
}

#[test]
fn a_single_value_is_asked_for_as_value() {
    let choice = json!({ "type": "object", "properties": { "value": { "type": "string", "enum": ["One", "Two"] } }, "required": ["value"] });
    assert_eq!(Plain::schema(), choice);
    let answer = json!({ "value": "Two" }).as_object().cloned().unwrap();
    assert_eq!(Plain::from_content(answer).unwrap(), Plain::Two);
    let answer = json!({ "value": 7 }).as_object().cloned().unwrap();
    assert_eq!(u8::from_content(answer).unwrap(), 7);
    assert_eq!(Option::<bool>::from_content(Default::default()).unwrap(), None);
}

#[tool(requires(elicitation))]
async fn book(context: &Context) -> Result<String, HandlerError> {
    let seats: Seats = context.elicit("Which seats?").await?.accepted()?;
    Ok(format!("{}{}", seats.letter, seats.count))
}

#[tokio::test]
async fn a_tool_asks_with_a_form() {
    let server = Server::builder("test").tools(tools![book]).build().unwrap();
    let client = Client::builder()
        .era(toolwright::core::era::Revision::V2025_11_25)
        .on_elicit(|_| async {
            let content = json!({ "letter": "C", "mail": "a@b.c", "others": ["One"] });
            serde_json::from_value(json!({ "action": "accept", "content": content })).unwrap()
        })
        .connect(server)
        .await
        .unwrap();
    assert_eq!(client.call("book", json!({})).await.unwrap().text(), "C2");
}
