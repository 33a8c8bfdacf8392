use insta::assert_snapshot;
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};
use toolwright_server::arguments::{coerce::coerce, diagnose::diagnose};

use super::types::{Booking, Drawing, input};

/// What a call with `arguments` is told: a strict reading, a second chance, and the explanation.
fn call<T: DeserializeOwned + JsonSchema + Serialize>(arguments: &str) -> String {
    let schema = input::<T>();
    let strict = serde_json::from_str::<T>(arguments);
    let Err(error) = strict else { return "accepted".to_owned() };
    match coerce(&schema, arguments.as_bytes()) {
        None => diagnose(&schema, arguments.as_bytes(), &error.to_string()),
        Some(again) => match serde_json::from_slice::<T>(&again) {
            Ok(value) => format!("accepted as {}", serde_json::to_string(&value).unwrap()),
            Err(error) => diagnose(&schema, &again, &error.to_string()),
        },
    }
}

fn book(arguments: &str) -> String {
    call::<Booking>(arguments)
}

fn draw(arguments: &str) -> String {
    call::<Drawing>(arguments)
}

#[test]
fn right_arguments_are_accepted() {
    assert_eq!(book(r#"{"show":"hamlet","seats":2}"#), "accepted");
    assert_eq!(draw(r#"{"shapes":[{"Circle":{"radius":1}},"Nothing",{"Line":[[0,0],[1,1]]}]}"#), "accepted");
}

#[test]
fn a_wrong_type_says_what_was_expected_and_what_came() {
    assert_snapshot!(book(r#"{"show":7,"seats":2}"#), @"invalid arguments: $.show: expected a string, got 7");
    assert_snapshot!(book(r#"{"show":"hamlet","seats":[2]}"#), @"invalid arguments: $.seats: expected an integer from 1 to 8, got [2]");
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"guests":{"name":"Ann","age":7}}"#), @r#"invalid arguments: $.guests: expected an array of objects with at most 3 items, got {"name":"Ann","age":7}"#);
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"notes":{"meal":["soup"]}}"#), @r#"invalid arguments: $.notes.meal: expected a string, got ["soup"]"#);
    assert_snapshot!(book(r#"{"show":"hamlet","seats":1.5}"#), @"invalid arguments: $.seats: expected an integer from 1 to 8, got 1.5");
}

#[test]
fn a_nested_mistake_has_its_path() {
    assert_snapshot!(
        book(r#"{"show":"hamlet","seats":2,"guests":[{"name":"Ann","age":7},{"name":"Bob","age":"old"}]}"#),
        @r#"invalid arguments: $.guests[1].age: expected an integer from 0 to 255, got "old""#
    );
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"notes":{"a b":1,"it's":null}}"#), @r#"
        invalid arguments:
        - $.notes["a b"]: expected a string, got 1
        - $.notes["it's"]: expected a string, got null
        "#);
    assert_snapshot!(
        draw(r#"{"shapes":[],"root":{"name":"/","folders":[{"name":"usr","folders":[{"name":5,"folders":[]}]}]}}"#),
        @"invalid arguments: $.root.folders[0].folders[0].name: expected a string, got 5"
    );
}

#[test]
fn a_missing_argument_brings_its_description() {
    assert_snapshot!(book(r#"{"seats":2}"#), @"invalid arguments: $.show: missing, expected a string (Show id, for example `hamlet-2026-12-01`)");
    assert_snapshot!(book("{}"), @r"
        invalid arguments:
        - $.show: missing, expected a string (Show id, for example `hamlet-2026-12-01`)
        - $.seats: missing, expected an integer from 1 to 8 (How many seats)
        ");
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"guests":[{"age":7}]}"#), @"invalid arguments: $.guests[0].name: missing, expected a string of 1 to 40 characters (Full name)");
}

#[test]
fn an_unknown_argument_brings_the_known_ones_and_a_guess() {
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"rwo":"A"}"#), @"invalid arguments: $.rwo: unknown, did you mean `row`? (known: `show`, `seats`, `row`, `class`, `guests`, `notes`, `aisle`, `discount`)");
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"showID":"x"}"#), @"invalid arguments: $.showID: unknown (known: `show`, `seats`, `row`, `class`, `guests`, `notes`, `aisle`, `discount`)");
    assert_snapshot!(book(r#"{"show":"hamlet","Seats":2}"#), @r"
        invalid arguments:
        - $.seats: missing, expected an integer from 1 to 8 (How many seats)
        - $.Seats: unknown, did you mean `seats`? (known: `show`, `seats`, `row`, `class`, `guests`, `notes`, `aisle`, `discount`)
        ");
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"colour":"red"}"#), @"invalid arguments: $.colour: unknown (known: `show`, `seats`, `row`, `class`, `guests`, `notes`, `aisle`, `discount`)");
}

#[test]
fn an_enum_lists_its_choices() {
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"class":"Balcony"}"#), @r#"invalid arguments: $.class: expected one of "stalls", "balcony" or "box", got "Balcony""#);
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"class":3}"#), @r#"invalid arguments: $.class: expected one of "stalls", "balcony" or "box", got 3"#);
}

#[test]
fn ranges_are_named() {
    assert_snapshot!(book(r#"{"show":"hamlet","seats":300}"#), @"invalid arguments: $.seats: expected an integer from 1 to 8, got 300");
    assert_snapshot!(book(r#"{"show":"hamlet","seats":-1}"#), @"invalid arguments: $.seats: expected an integer from 1 to 8, got -1");
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"guests":[{"name":"Ann","age":256}]}"#), @"invalid arguments: $.guests[0].age: expected an integer from 0 to 255, got 256");
    assert_snapshot!(draw(r#"{"shapes":[],"bounds":[1,200]}"#), @"invalid arguments: $.bounds[1]: expected an integer from -128 to 127, got 200");
    assert_snapshot!(draw(r#"{"shapes":[],"scale":{"factor":1,"step":0}}"#), @"invalid arguments: $.scale.step: expected an integer from 1 to 255, got 0");
    assert_snapshot!(draw(r#"{"shapes":[{"Line":[[0,0],[0,99999999999]]}]}"#), @"invalid arguments: $.shapes[0].Line[1][1]: expected an integer from -2147483648 to 2147483647, got 99999999999");
}

#[test]
fn lengths_are_counted_in_characters_and_items() {
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"row":"AB"}"#), @r#"invalid arguments: $.row: expected a single character, got 2 characters: "AB""#);
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"row":""}"#), @r#"invalid arguments: $.row: expected a single character, got """#);
    assert_snapshot!(draw(r#"{"shapes":[],"bounds":[1]}"#), @"invalid arguments: $.bounds: expected an array of 2 items, got 1 item: [1]");
    assert_snapshot!(draw(r#"{"shapes":[],"bounds":[1,2,3]}"#), @"invalid arguments: $.bounds: expected an array of 2 items, got 3 items: [1,2,3]");
}

#[test]
fn null_is_as_good_as_nothing_for_optional_arguments_only() {
    assert_snapshot!(book(r#"{"show":null,"seats":2}"#), @"invalid arguments: $.show: expected a string, got null");
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"aisle":null,"guests":null,"row":null}"#), @r#"accepted as {"show":"hamlet","seats":2,"row":null,"class":null,"guests":[],"notes":{},"aisle":false,"discount":null}"#);
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"guests":[null]}"#), @"invalid arguments: $.guests[0]: expected an object, got null");
}

#[test]
fn stringified_values_get_a_second_chance() {
    assert_snapshot!(book(r#"{"show":"7","seats":"2","aisle":"true","discount":"0.5"}"#), @r#"accepted as {"show":"7","seats":2,"row":null,"class":null,"guests":[],"notes":{},"aisle":true,"discount":0.5}"#);
    assert_snapshot!(book(r#"{"show":"7","seats":2,"guests":"[{\"name\":\"5\",\"age\":\"7\"}]"}"#), @r#"accepted as {"show":"7","seats":2,"row":null,"class":null,"guests":[{"name":"5","age":7,"contact":null}],"notes":{},"aisle":false,"discount":null}"#);
    assert_snapshot!(book(r#"{"show":"hamlet","seats":"two"}"#), @r#"invalid arguments: $.seats: expected an integer from 1 to 8, got "two""#);
    assert_snapshot!(book(r#"{"show":"hamlet","seats":"300"}"#), @"invalid arguments: $.seats: expected an integer from 1 to 8, got 300");
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"guests":"[{\"name\":\"Ann\"}]"}"#), @"invalid arguments: $.guests[0].age: missing, expected an integer from 0 to 255");
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"aisle":"maybe"}"#), @r#"invalid arguments: $.aisle: expected true or false, got "maybe""#);
}

#[test]
fn tagged_enums_are_explained_by_the_variant_that_was_meant() {
    let guest = |contact: &str| {
        book(&format!(
            r#"{{"show":"hamlet","seats":2,"guests":[{{"name":"Ann","age":7,"contact":{contact}}}]}}"#
        ))
    };
    assert_snapshot!(guest(r#"{"kind":"mail"}"#), @"invalid arguments: $.guests[0].contact.address: missing, expected a string");
    assert_snapshot!(guest(r#"{"kind":"fax","number":"1"}"#), @r#"invalid arguments: $.guests[0].contact.kind: expected one of "mail", "phone" or "none", got "fax""#);
    assert_snapshot!(guest(r#"{"address":"ann@example.org"}"#), @r#"invalid arguments: $.guests[0].contact.kind: missing, expected one of "mail", "phone" or "none""#);
    assert_snapshot!(guest(r#"{"kind":"phone","number":"1","extension":70000}"#), @"invalid arguments: $.guests[0].contact.extension: expected an integer from 0 to 65535, got 70000");
    assert_snapshot!(guest(r#""mail""#), @r#"invalid arguments: $.guests[0].contact: expected an object whose `kind` is one of "mail", "phone" or "none", got "mail""#);
}

#[test]
fn enums_with_content_are_explained_by_the_variant_that_was_meant() {
    assert_snapshot!(draw(r#"{"shapes":[{"Circle":{"radius":"wide"}}]}"#), @r#"invalid arguments: $.shapes[0].Circle.radius: expected a number, got "wide""#);
    assert_snapshot!(draw(r#"{"shapes":[{"Triangle":3}]}"#), @r#"invalid arguments: $.shapes[0]: expected "Nothing" or an object with `Circle`, `Square` or `Line`, got {"Triangle":3}"#);
    assert_snapshot!(draw(r#"{"shapes":["Circle"]}"#), @r#"invalid arguments: $.shapes[0]: expected "Nothing" or an object with `Circle`, `Square` or `Line`, got "Circle""#);
    assert_snapshot!(draw(r#"{"shapes":[{"Square":1,"Circle":{"radius":1}}]}"#), @"invalid arguments: $.shapes[0].Square: unknown (known: `Circle`)");
    assert_snapshot!(draw(r#"{"shapes":[17]}"#), @r#"invalid arguments: $.shapes[0]: expected "Nothing" or an object with `Circle`, `Square` or `Line`, got 17"#);
}

#[test]
fn untagged_enums_are_explained_by_what_is_nearest() {
    assert_snapshot!(draw(r#"{"shapes":[],"when":true}"#), @"invalid arguments: $.when: expected an integer, a string or an object, got true");
    assert_snapshot!(draw(r#"{"shapes":[],"when":{"from":1}}"#), @"invalid arguments: $.when.to: missing, expected an integer");
}

#[test]
fn long_values_are_cut() {
    let long = "word ".repeat(100);
    assert_snapshot!(book(&format!(r#"{{"show":"hamlet","seats":"{long}"}}"#)), @r#"invalid arguments: $.seats: expected an integer from 1 to 8, got "word word word word word word word word word word word word word word word word word word word word…"#);
    assert_snapshot!(book(&format!(r#"{{"show":["{long}"],"seats":1}}"#)), @r#"invalid arguments: $.show: expected a string, got ["word word word word word word word word word word word word word word word word word word word wor…"#);
}

#[test]
fn all_mistakes_are_told_up_to_five() {
    assert_snapshot!(book(r#"{"seats":0,"row":"AB","class":"pit"}"#), @r#"
        invalid arguments:
        - $.show: missing, expected a string (Show id, for example `hamlet-2026-12-01`)
        - $.seats: expected an integer from 1 to 8, got 0
        - $.row: expected a single character, got 2 characters: "AB"
        - $.class: expected one of "stalls", "balcony" or "box", got "pit"
        "#);
    assert_snapshot!(
        book(r#"{"show":1,"seats":0,"row":"AB","class":"pit","aisle":9,"discount":"half","guests":[1],"x":1}"#),
        @r#"
        invalid arguments:
        - $.show: expected a string, got 1
        - $.seats: expected an integer from 1 to 8, got 0
        - $.row: expected a single character, got 2 characters: "AB"
        - $.class: expected one of "stalls", "balcony" or "box", got "pit"
        - $.guests[0]: expected an object, got 1
        - and 3 more
        "#
    );
}

#[test]
fn arguments_that_are_no_object_are_told_so() {
    assert_snapshot!(book("[1,2]"), @"invalid arguments: $: expected an object with the arguments by name, got [1,2]");
    assert_snapshot!(book(r#""show""#), @r#"invalid arguments: $: expected an object with the arguments by name, got "show""#);
    assert_snapshot!(book("null"), @"invalid arguments: $: expected an object with the arguments by name, got null");
}

#[test]
fn what_the_schema_cannot_explain_keeps_the_words_of_the_reader_without_rust_types() {
    assert_snapshot!(draw(r#"{"shapes":[],"layers":{"5000000000":"x"}}"#), @"invalid arguments: $.layers: expected an integer from -2147483648 to 2147483647, got 5000000000");
    assert_snapshot!(book(r#"{"show":"hamlet","seats":2,"seats":3}"#), @"invalid arguments: $: duplicate member `seats`");
    let anything = serde_json::json!({ "type": "object" });
    let fallback = r#"invalid type: string "x", expected u8 at line 2 column 3"#;
    assert_snapshot!(diagnose(&anything, b"{\"a\":\n\"x\"  }", fallback), @r#"invalid arguments: $.a: expected an integer from 0 to 255, got "x""#);
    assert_snapshot!(diagnose(&anything, b"{}", "the moon is not full"), @"invalid arguments: the moon is not full");
}
