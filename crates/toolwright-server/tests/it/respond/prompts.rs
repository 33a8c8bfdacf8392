use std::collections::BTreeSet;

use insta::assert_snapshot;
use toolwright_server::{
    HandlerError,
    core::model::{ContentBlock, GetPromptResult},
    respond::{Image, IntoCompletion, IntoPromptResult, assistant, user},
};

fn prompt<M>(value: impl IntoPromptResult<M>) -> String {
    value
        .into_result()
        .map_or_else(|error| format!("error: {error}"), |result| serde_json::to_string(&result).unwrap())
}

#[test]
fn text_and_content_are_said_by_the_user() {
    assert_snapshot!(prompt("hi"), @r#"{"messages":[{"role":"user","content":{"type":"text","text":"hi"}}]}"#);
    assert_eq!(prompt("hi".to_owned()), prompt("hi"));
    assert_eq!(prompt(ContentBlock::text("hi")), prompt("hi"));
    assert_eq!(prompt(vec!["hi"]), prompt("hi"));
    assert_snapshot!(prompt(Image::new([1], "image/png")), @r#"{"messages":[{"role":"user","content":{"type":"image","data":"AQ==","mimeType":"image/png"}}]}"#);
}

#[test]
fn messages_have_roles() {
    let talk = prompt(vec![user("Hello."), assistant("Hello to you.")]);
    assert_snapshot!(talk, @r#"{"messages":[{"role":"user","content":{"type":"text","text":"Hello."}},{"role":"assistant","content":{"type":"text","text":"Hello to you."}}]}"#);
    assert_eq!(prompt([user("Hello."), assistant("Hello to you.")]), talk);
    assert_eq!(prompt(("Hello.", assistant("Hello to you."))), talk);
    assert_eq!(prompt(GetPromptResult::new([user("Hello."), assistant("Hello to you.")])), talk);
    assert_eq!(prompt(Ok::<_, HandlerError>([user("Hello."), assistant("Hello to you.")])), talk);
    assert_eq!(prompt(Err::<String, String>("no".to_owned())), "error: no");
    assert_snapshot!(prompt(user(Image::new([1], "image/png"))), @r#"{"messages":[{"role":"user","content":{"type":"image","data":"AQ==","mimeType":"image/png"}}]}"#);
}

#[test]
fn suggestions_are_lists_of_anything_with_a_text() {
    let values = |values: Result<Vec<String>, HandlerError>| values.unwrap().join(" ");
    assert_eq!(values(vec!["b".to_owned(), "a".to_owned()].into_values()), "b a");
    assert_eq!(values(["b", "a"].into_values()), "b a");
    assert_eq!(values(BTreeSet::from([2, 1]).into_values()), "1 2");
    assert_eq!(values(Ok::<_, String>(["a"]).into_values()), "a");
    assert!(Err::<Vec<String>, _>("no").into_values().is_err());
}
