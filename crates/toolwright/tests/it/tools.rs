//! `#[tool]`: functions that clients call.
use std::sync::atomic::{AtomicUsize, Ordering};

use toolwright::prelude::*;

use crate::support::{Db, call, client};

/// Add two numbers.
#[tool]
fn add(a: i64, b: i64) -> i64 {
    a + b
}

#[tool]
async fn describe(
    context: &Context,
    db: &State<Db>,
    title: &str,
    numbers: &[u8],
    note: Option<String>,
    #[arg(default = 2, range(1..=8))] seats: u8,
    #[arg(enum("low", "high"), default = "low")] detail: String,
) -> Result<String, HandlerError> {
    if title.is_empty() {
        return Err("a title is not empty".into());
    }
    let _ = context.principal();
    Ok(format!("{} {title} {numbers:?} {note:?} {seats} {detail}", db.name))
}

#[tool(blocking)]
fn thread(name: String) -> String {
    format!("{name} {}", std::thread::current().id() == *TEST_THREAD.get().expect("the test set it"))
}

static TEST_THREAD: std::sync::OnceLock<std::thread::ThreadId> = std::sync::OnceLock::new();

#[tokio::test]
async fn a_function_is_a_tool_and_stays_a_function() {
    assert_eq!(add(2, 3), 5);
    let client = client(tools![add]).await;
    let sum: i64 = client.call("add", json!({ "a": 2, "b": 3 })).await.unwrap().data().unwrap();
    assert_eq!(sum, 5);
}

#[tokio::test]
async fn borrowed_optional_and_defaulted_parameters_get_their_values() {
    let client = client(tools![describe]).await;
    assert_eq!(
        call(&client, "describe", json!({ "title": "x", "numbers": [1, 2] })).await.unwrap(),
        "main x [1, 2] None 2 low"
    );
    let all = json!({ "title": "x", "numbers": [], "note": "n", "seats": 8, "detail": "high" });
    assert_eq!(call(&client, "describe", all).await.unwrap(), r#"main x [] Some("n") 8 high"#);
    let null = json!({ "title": "x", "numbers": [], "note": null, "seats": null });
    assert_eq!(call(&client, "describe", null).await.unwrap(), "main x [] None 2 low");
}

#[tokio::test]
async fn what_a_client_sends_under_the_name_of_an_extractor_is_ignored() {
    let client = client(tools![describe]).await;
    let sent = json!({ "db": { "name": "stolen" }, "context": 7, "title": "x", "numbers": [] });
    assert_eq!(call(&client, "describe", sent).await.unwrap(), "main x [] None 2 low");
}

#[tokio::test]
async fn a_stringified_argument_gets_a_second_chance() {
    let client = client(tools![describe, add]).await;
    let sent = json!({ "title": "7", "numbers": "[1, 2]", "seats": "3", "db": 1 });
    assert_eq!(call(&client, "describe", sent).await.unwrap(), "main 7 [1, 2] None 3 low");
    assert_eq!(call(&client, "add", json!({ "a": "2", "b": 3.0 })).await.unwrap(), "5");
}

#[tokio::test]
async fn wrong_arguments_are_told_with_path_expectation_and_value() {
    let client = client(tools![describe]).await;
    let mut told = String::new();
    for sent in [
        json!({}),
        json!({ "title": "x", "numbers": [1, 300] }),
        json!({ "title": "x", "numbers": [], "seats": 9 }),
        json!({ "title": "x", "numbers": [], "seats": "9" }),
        json!({ "title": "x", "numbers": [], "detail": "medium" }),
        json!({ "title": "x", "numbers": [], "titel": "y" }),
        json!({ "title": ["x"], "numbers": {}, "db": 1 }),
        json!({ "title": "", "numbers": [] }),
    ] {
        let text = call(&client, "describe", sent.clone()).await.unwrap_err();
        told.push_str(&format!("{sent}\n    {}\n", text.replace('\n', "\n    ")));
    }
    insta::assert_snapshot!(told);
}

#[tokio::test]
async fn a_blocking_tool_has_a_thread_of_its_own() {
    TEST_THREAD.set(std::thread::current().id()).unwrap();
    let client = client(tools![thread]).await;
    assert_eq!(call(&client, "thread", json!({ "name": "same" })).await.unwrap(), "same false");
}

static ORDER: AtomicUsize = AtomicUsize::new(0);

struct Nth(usize);

impl FromCall for Nth {
    async fn from_call(_: &Context) -> Result<Self, HandlerError> {
        Ok(Nth(ORDER.fetch_add(1, Ordering::SeqCst)))
    }
}

#[tool]
async fn ordered(Nth(first): Nth, a: u8, second: Nth) -> Vec<usize> {
    vec![first, usize::from(a), second.0]
}

#[tokio::test]
async fn extractors_run_in_order_and_only_for_good_arguments() {
    let client = client(tools![ordered]).await;
    assert!(call(&client, "ordered", json!({})).await.is_err());
    let order: Vec<usize> = client.call("ordered", json!({ "a": 9 })).await.unwrap().data().unwrap();
    assert_eq!(order, [0, 9, 1], "the call with wrong arguments ran no extractor");
}

#[test]
fn a_tool_names_the_state_that_it_needs() {
    let error = Server::builder("test").tools(tools![describe]).build().unwrap_err().to_string();
    assert!(error.contains("tool `describe`") && error.contains("Db"), "{error}");
}

/// Everything that an attribute can say.
#[tool(
    name = "all.of-it",
    title = "All of it",
    annotations(read_only, idempotent, destructive = false, open_world = false, title = "Short"),
    icons("https://example.org/icon.png", "data:image/png;base64,AA=="),
    tags("b", "a"),
    version = "1.2.0",
    timeout = "1500ms",
    meta("example.org/owner" = { "team": "blue", "ids": [1, null, -2] }, plain = true),
    scopes("all:read", "all:write"),
    requires(elicitation, elicitation_url, sampling, sampling_tools, roots)
)]
fn all(
    /// The region,
    /// where it matters.
    #[arg(title = "Region", header = "Region", pattern = "^[a-z]+$", length(1..=8), example = "north")]
    region: String,
) -> String {
    region
}

#[test]
fn an_attribute_can_say_all_that_a_builder_can() {
    let [tool] = tools![all];
    let common = tool.common();
    insta::assert_json_snapshot!(serde_json::to_value(tool.definition()).unwrap());
    assert_eq!(common.tags.iter().collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(common.version.as_deref(), Some("1.2.0"));
    assert_eq!(common.timeout, Some(std::time::Duration::from_millis(1500)));
    assert_eq!(common.scopes, ["all:read", "all:write"]);
    assert_eq!(common.requires.len(), 5);
}

#[tool(description = concat!("Written ", "by hand."))]
/// Written as a comment.
fn described() {}

#[doc = "One"]
#[doc = concat!("T", "wo")]
#[tool]
fn included() {}

#[test]
fn an_option_goes_before_the_doc_comment() {
    let [described, included] = tools![described, included];
    assert_eq!(described.common().description.as_deref(), Some("Written by hand."));
    assert_eq!(included.common().description.as_deref(), Some("One\nTwo"));
}

#[model]
struct Notes {
    lines: Vec<String>,
}

#[tool]
async fn begin(context: &Context) -> Result<Handle<Notes>, HandlerError> {
    Handle::create(context, Notes { lines: Vec::new() }).await
}

#[tool]
async fn note(
    context: &Context,
    /// From `begin`.
    notes: &Handle<Notes>,
    line: &str,
    #[arg(default = 1)] times: usize,
) -> Result<Notes, HandlerError> {
    notes.update(context, |notes| notes.lines.extend(vec![line.to_owned(); times])).await?;
    notes.get(context).await
}

#[tokio::test]
async fn a_handle_is_a_string_among_the_arguments() {
    let [_, tool] = tools![begin, note];
    let schema: serde_json::Value = tool.schema().read().expect("a schema is JSON");
    assert_eq!(schema["properties"]["notes"], json!({ "type": "string", "description": "From `begin`." }));

    let client = client(tools![begin, note]).await;
    let notes: String = client.call("begin", ()).await.expect("a success").data().expect("a string");
    let arguments = json!({ "notes": notes, "line": "tea", "times": 2 });
    let noted: Notes = client.call("note", arguments).await.expect("a success").data().expect("notes");
    assert_eq!(noted.lines, ["tea", "tea"]);
}
