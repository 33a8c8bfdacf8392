use std::{borrow::Cow, collections::BTreeMap, sync::Arc};

use insta::assert_snapshot;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Value, json};
use toolwright_server::{
    HandlerError,
    arguments::schema,
    core::{
        Raw,
        model::{CallToolResult, ContentBlock, Resource, ResourceContents},
    },
    respond::{Audio, File, Image, IntoToolResult, Json},
};

#[derive(Serialize, JsonSchema)]
struct Point {
    x: i32,
    y: Option<f64>,
}

#[derive(Serialize, JsonSchema)]
enum Color {
    Red,
}

/// The output schema, if there is one, and the result, each as JSON.
fn tool<M, T: IntoToolResult<M>>(value: T) -> String {
    let mut generator = schema::output_generator();
    let schema = T::output_schema(&mut generator).map(|schema| schema::finish(schema, &generator));
    let result = value.into_result().map_or_else(|error| format!("error: {error}"), |result| json(&result));
    match schema {
        Some(schema) => format!("{schema} {result}"),
        None => result,
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

#[test]
fn strings_are_text() {
    let text = r#"{"content":[{"type":"text","text":"hi"}]}"#;
    assert_eq!(tool("hi"), text);
    assert_eq!(tool("hi".to_owned()), text);
    assert_eq!(tool(Cow::Borrowed("hi")), text);
    assert_eq!(tool(Arc::<str>::from("hi")), text);
    assert_eq!(tool(Box::<str>::from("hi")), text);
    assert_eq!(tool(Some("hi")), text);
    assert_eq!(tool(Some("hi".to_owned())), text);
    assert_eq!(tool('h'), r#"{"content":[{"type":"text","text":"h"}]}"#);
}

#[test]
fn nothing_is_no_content() {
    let nothing = r#"{"content":[]}"#;
    assert_eq!(tool(()), nothing);
    assert_eq!(tool(None::<String>), nothing);
    assert_eq!(tool(None::<Image>), nothing);
    assert_eq!(tool(Vec::<ContentBlock>::new()), nothing);
}

#[test]
fn values_are_structured_and_mirrored_as_text() {
    assert_snapshot!(tool(5), @r#"{"type":"integer"} {"content":[{"type":"text","text":"5"}],"structuredContent":5}"#);
    assert_snapshot!(tool(true), @r#"{"type":"boolean"} {"content":[{"type":"text","text":"true"}],"structuredContent":true}"#);
    assert_snapshot!(tool(2.5), @r#"{"type":"number"} {"content":[{"type":"text","text":"2.5"}],"structuredContent":2.5}"#);
    assert_snapshot!(tool(Color::Red), @r#"{"type":"string","enum":["Red"]} {"content":[{"type":"text","text":"\"Red\""}],"structuredContent":"Red"}"#);
    assert_snapshot!(tool(vec!["a", "b"]), @r#"{"type":"array","items":{"type":"string"}} {"content":[{"type":"text","text":"[\"a\",\"b\"]"}],"structuredContent":["a","b"]}"#);
    assert_snapshot!(tool((1_u8, "a")), @r#"{"type":"array","prefixItems":[{"type":"integer","minimum":0,"maximum":255},{"type":"string"}],"minItems":2,"maxItems":2} {"content":[{"type":"text","text":"[1,\"a\"]"}],"structuredContent":[1,"a"]}"#);
    assert_snapshot!(tool(Point { x: 1, y: None }), @r#"{"type":"object","properties":{"x":{"type":"integer"},"y":{"anyOf":[{"type":"number"},{"type":"null"}]}},"required":["x","y"],"additionalProperties":false} {"content":[{"type":"text","text":"{\"x\":1,\"y\":null}"}],"structuredContent":{"x":1,"y":null}}"#);
    assert_snapshot!(tool(BTreeMap::from([("a", 1_i64)])), @r#"{"type":"object","additionalProperties":{"type":"integer"}} {"content":[{"type":"text","text":"{\"a\":1}"}],"structuredContent":{"a":1}}"#);
    assert_snapshot!(tool(Some(5_u8)), @r#"{"anyOf":[{"type":"integer","minimum":0,"maximum":255},{"type":"null"}]} {"content":[{"type":"text","text":"5"}],"structuredContent":5}"#);
    assert_snapshot!(tool(None::<u8>), @r#"{"anyOf":[{"type":"integer","minimum":0,"maximum":255},{"type":"null"}]} {"content":[{"type":"text","text":"null"}],"structuredContent":null}"#);
    assert_snapshot!(tool(vec![Some(Point { x: 1, y: Some(0.5) }), None]), @r#"{"type":"array","items":{"anyOf":[{"type":"object","properties":{"x":{"type":"integer"},"y":{"anyOf":[{"type":"number"},{"type":"null"}]}},"required":["x","y"],"additionalProperties":false},{"type":"null"}]}} {"content":[{"type":"text","text":"[{\"x\":1,\"y\":0.5},null]"}],"structuredContent":[{"x":1,"y":0.5},null]}"#);
}

#[test]
fn untyped_json_is_structured_without_a_schema() {
    let structured = r#"{"content":[{"type":"text","text":"{\"a\":[1]}"}],"structuredContent":{"a":[1]}}"#;
    assert_eq!(tool(json!({ "a": [1] })), structured);
    assert_eq!(tool(Raw::from(json!({ "a": [1] }))), structured);
    assert_eq!(tool(Json(BTreeMap::from([("a", [1])]))), structured);
    assert_snapshot!(tool(json!("text")), @r#"{"content":[{"type":"text","text":"\"text\""}],"structuredContent":"text"}"#);
    assert_snapshot!(tool(serde_json::Map::<String, Value>::new()), @r#"{"type":"object","additionalProperties":true} {"content":[{"type":"text","text":"{}"}],"structuredContent":{}}"#);
}

#[test]
fn content_is_sent_as_it_is() {
    assert_snapshot!(tool(Image::new([1, 2, 3], "image/png")), @r#"{"content":[{"type":"image","data":"AQID","mimeType":"image/png"}]}"#);
    assert_snapshot!(tool(Audio::new([1, 2, 3], "audio/wav")), @r#"{"content":[{"type":"audio","data":"AQID","mimeType":"audio/wav"}]}"#);
    assert_snapshot!(tool(File::text("notes://1", "hi").mime("text/plain")), @r#"{"content":[{"type":"resource","resource":{"uri":"notes://1","mimeType":"text/plain","text":"hi"}}]}"#);
    assert_snapshot!(tool(File::bytes("notes://1", [0, 255])), @r#"{"content":[{"type":"resource","resource":{"uri":"notes://1","blob":"AP8="}}]}"#);
    assert_snapshot!(tool(Resource::new("notes://1", "first").mime_type("text/plain")), @r#"{"content":[{"type":"resource_link","uri":"notes://1","name":"first","mimeType":"text/plain"}]}"#);
    assert_snapshot!(tool(ResourceContents::text("notes://1", "hi")), @r#"{"content":[{"type":"resource","resource":{"uri":"notes://1","text":"hi"}}]}"#);
    assert_snapshot!(tool(ContentBlock::text("hi")), @r#"{"content":[{"type":"text","text":"hi"}]}"#);
}

#[test]
fn lists_and_tuples_of_content_are_its_blocks() {
    let image = || Image::new([1], "image/png");
    let both =
        r#"{"content":[{"type":"text","text":"a"},{"type":"image","data":"AQ==","mimeType":"image/png"}]}"#;
    assert_eq!(tool(("a", image())), both);
    assert_eq!(tool((ContentBlock::text("a"), image())), both);
    assert_eq!(tool(vec![ContentBlock::text("a"), image().into()]), both);
    assert_eq!(tool([ContentBlock::text("a"), image().into()]), both);
    assert_snapshot!(tool((image(), "b".to_owned(), image())), @r#"{"content":[{"type":"image","data":"AQ==","mimeType":"image/png"},{"type":"text","text":"b"},{"type":"image","data":"AQ==","mimeType":"image/png"}]}"#);
    assert_snapshot!(tool(("a", "b", "c", image())), @r#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"},{"type":"text","text":"c"},{"type":"image","data":"AQ==","mimeType":"image/png"}]}"#);
}

#[test]
fn a_complete_result_is_the_result() {
    let result = CallToolResult::new([ContentBlock::text("no")]).is_error(true);
    assert_eq!(tool(result), r#"{"content":[{"type":"text","text":"no"}],"isError":true}"#);
}

#[test]
fn a_result_is_its_value_or_its_error() {
    assert_snapshot!(tool(Ok::<_, HandlerError>(5_u8)), @r#"{"type":"integer","minimum":0,"maximum":255} {"content":[{"type":"text","text":"5"}],"structuredContent":5}"#);
    assert_eq!(tool(Err::<u8, HandlerError>("no such city".into()).map(|_| "x")), "error: no such city");
    assert_eq!(
        tool(Ok::<_, std::io::Error>(Image::new([1], "image/png"))),
        tool(Image::new([1], "image/png"))
    );
}

#[test]
fn what_json_cannot_hold_is_an_error() {
    let map = BTreeMap::from([((1, 2), 3)]);
    assert_snapshot!(tool(Json(map)), @"error: the result cannot be written as JSON: key must be a string");
}

#[test]
fn files_know_their_type_by_their_name() {
    let folder = std::env::temp_dir().join(format!("toolwright respond {}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (png, text, other) = (folder.join("a b.PNG"), folder.join("a.md"), folder.join("a.unknown"));
    std::fs::write(&png, [1]).unwrap();
    std::fs::write(&text, "# hi").unwrap();
    std::fs::write(&other, [0xff]).unwrap();

    assert_eq!(tool(Image::open(&png).unwrap()), tool(Image::new([1], "image/png")));
    let refused = Audio::open(&png).unwrap_err().to_string();
    assert!(
        refused.ends_with("has no extension of an audio file, use `Audio::new` and say its MIME type"),
        "{refused}"
    );
    let block = |path| serde_json::to_value(ContentBlock::from(File::open(path).unwrap())).unwrap();
    assert_eq!(block(&text)["resource"]["text"], "# hi");
    assert_eq!(block(&text)["resource"]["mimeType"], "text/markdown");
    assert_eq!(block(&other)["resource"]["blob"], "/w==");
    let uri = block(&png)["resource"]["uri"].as_str().unwrap().to_owned();
    assert!(uri.starts_with("file:///") && uri.ends_with("/a%20b.PNG"), "{uri}");
    std::fs::remove_dir_all(&folder).unwrap();
}
