use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
};

use serde::Deserialize;
use serde_json::{Value, json};
use toolwright_server::arguments::text::from_text;

use super::types::{Class, Guest, Shape, When};

fn error<T: serde::de::DeserializeOwned + std::fmt::Debug>(text: &str) -> String {
    from_text::<T>(text).unwrap_err().to_string()
}

#[test]
fn strings_are_taken_as_they_are() {
    assert_eq!(from_text::<String>("\"quoted\" [1] null "), Ok("\"quoted\" [1] null ".to_owned()));
    assert_eq!(from_text::<String>(""), Ok(String::new()));
    assert_eq!(from_text::<Option<String>>("x"), Ok(Some("x".to_owned())));
}

#[test]
fn scalars_are_read_from_what_is_written() {
    assert_eq!(from_text::<i64>("-5"), Ok(-5));
    assert_eq!(from_text::<Option<u8>>(" 7 "), Ok(Some(7)));
    assert_eq!(from_text::<u128>("340282366920938463463374607431768211455"), Ok(u128::MAX));
    assert_eq!(from_text::<f64>("2.5e3"), Ok(2500.0));
    assert_eq!(from_text::<bool>("true"), Ok(true));
    assert_eq!(from_text::<bool>("No"), Ok(false));
    assert_eq!(from_text::<char>("ß"), Ok('ß'));
    assert_eq!(from_text::<Class>("balcony"), Ok(Class::Balcony));
    assert_eq!(from_text::<IpAddr>("127.0.0.1"), Ok(IpAddr::V4(Ipv4Addr::LOCALHOST)));
    assert_eq!(from_text::<()>(""), Ok(()));
}

#[test]
fn wrappers_read_what_they_wrap() {
    #[derive(Debug, PartialEq, Deserialize)]
    struct Id(u16);
    assert_eq!(from_text::<Id>("9"), Ok(Id(9)));
    assert_eq!(from_text::<Box<i8>>("-9"), Ok(Box::new(-9)));
}

#[test]
fn everything_else_is_json() {
    assert_eq!(from_text::<Vec<u8>>("[1, 2]"), Ok(vec![1, 2]));
    assert_eq!(from_text::<(i8, String)>(r#"[1, "x"]"#), Ok((1, "x".to_owned())));
    assert_eq!(from_text::<BTreeMap<String, i8>>(r#"{"a": 1}"#), Ok(BTreeMap::from([("a".to_owned(), 1)])));
    assert_eq!(from_text::<Guest>(r#"{"name":"Ann","age":7}"#).unwrap().age, 7);
    assert_eq!(from_text::<Shape>(r#"{"Square": 2}"#), Ok(Shape::Square(2.0)));
    assert_eq!(from_text::<Shape>("Nothing"), Ok(Shape::Nothing));
    assert_eq!(from_text::<When>("17"), Ok(When::Timestamp(17)));
    assert_eq!(from_text::<When>("tomorrow"), Ok(When::Text("tomorrow".to_owned())));
    assert_eq!(from_text::<Value>("{\"a\": [1]}"), Ok(json!({ "a": [1] })));
}

#[test]
fn errors_are_for_people_who_see_no_rust() {
    insta::assert_snapshot!(error::<u8>("300"), @r#"expected an integer from 0 to 255, got "300""#);
    insta::assert_snapshot!(error::<i32>("1.5"), @r#"expected an integer from -2147483648 to 2147483647, got "1.5""#);
    insta::assert_snapshot!(error::<f64>("NaN"), @r#"expected a number, got "NaN""#);
    insta::assert_snapshot!(error::<bool>("maybe"), @r#"expected true or false, got "maybe""#);
    insta::assert_snapshot!(error::<char>("ab"), @r#"expected a single character, got "ab""#);
    insta::assert_snapshot!(error::<Class>("pit"), @r#"expected one of "stalls", "balcony" or "box", got "pit""#);
    insta::assert_snapshot!(error::<Vec<u8>>("1, 2"), @r#"expected an array as JSON, got "1, 2""#);
    insta::assert_snapshot!(error::<Vec<u8>>("[1, 300]"), @"expected an integer from 0 to 255, got 300");
    insta::assert_snapshot!(error::<Guest>("Ann"), @r#"expected an object as JSON, got "Ann""#);
    insta::assert_snapshot!(error::<Guest>(r#"{"name":"Ann"}"#), @"missing member `age`");
    insta::assert_snapshot!(error::<(i8, i8)>("[1]"), @"invalid length 1, expected an array of 2 items");
    insta::assert_snapshot!(error::<std::num::NonZeroU8>("0"), @"expected an integer from 0 to 255 that is not 0, got 0");
    insta::assert_snapshot!(error::<Shape>("Hexagon"), @r#"expected one of "Circle", "Square", "Line" or "Nothing", got "Hexagon""#);
    insta::assert_snapshot!(error::<u8>(&"9".repeat(300)), @r#"expected an integer from 0 to 255, got "9999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999999…""#);
}
