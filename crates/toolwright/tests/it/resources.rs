//! `#[resource]`, `#[prompt]` and `#[completion]`.
use toolwright::prelude::*;

use crate::support::connect;

/// What is on today.
#[resource("notes://today", mime = "text/plain", size = 9, audience(user, assistant), priority = 0.5)]
fn today() -> &'static str {
    "Be kind.\n"
}

/// One page of a file.
#[resource(
    "files:///{+path}{?page,size}",
    name = "file page",
    mime = "text/markdown",
    cache(ttl = "1m", scope = "public")
)]
async fn file(
    path: &str,
    page: Option<u32>,
    #[arg(default = 10, range(1..=50))] size: u32,
    _: &Context,
) -> Result<String, HandlerError> {
    if path == "none" {
        return Err(HandlerError::from("there is no such file").not_found());
    }
    Ok(format!("{path} {page:?} {size}"))
}

#[model]
struct Address {
    city: String,
    zip: u32,
}

#[resource("places://{city}/{zip}")]
fn place(Args(address): Args<Address>) -> String {
    format!("{} {}", address.city, address.zip)
}

/// Asks for a review.
#[prompt(title = "Review")]
fn review(
    /// The text to review.
    text: &str,
    #[arg(default = 1, range(1..=5))] times: u8,
    tags: Option<Vec<String>>,
) -> String {
    format!("{text} {times} {tags:?}")
}

#[completion(file.path)]
async fn paths(typed: &str, page: Option<u32>) -> Vec<String> {
    vec![format!("{typed}.md"), format!("page {page:?}")]
}

#[completion(review.times)]
fn times(typed: u8) -> Result<Vec<u8>, HandlerError> {
    Ok(vec![typed, typed + 1])
}

fn server() -> Server {
    Server::builder("test")
        .resources(resources![today, file, place])
        .prompts(prompts![review])
        .completions(completions![paths, times])
        .build()
        .unwrap()
}

async fn text(client: &Client, uri: &str) -> Result<String, String> {
    let result = client.read(uri).await.map_err(|error| error.to_string())?;
    let contents = serde_json::to_value(&result.contents).unwrap();
    assert_eq!(contents[0]["uri"], uri, "the contents name the URI that was asked for");
    Ok(contents[0]["text"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn variables_become_parameters() {
    let client = connect(server()).await;
    assert_eq!(text(&client, "notes://today").await.unwrap(), "Be kind.\n");
    assert_eq!(text(&client, "files:///a/b%20c.md?page=3").await.unwrap(), "a/b c.md Some(3) 10");
    assert_eq!(text(&client, "files:///a?size=20").await.unwrap(), "a None 20");
    assert_eq!(text(&client, "places://Bonn/53111").await.unwrap(), "Bonn 53111");
}

#[tokio::test]
async fn a_uri_whose_variables_do_not_fit_leads_nowhere() {
    let client = connect(server()).await;
    for uri in ["files:///a?page=x", "files:///a?size=51", "places://Bonn/here", "files:///none"] {
        let error = client.read(uri).await.unwrap_err();
        assert!(error.is_not_found() || error.is_invalid_params(), "{uri}: {error}");
    }
}

#[tokio::test]
async fn definitions_say_what_attributes_say() {
    let client = connect(server()).await;
    let resources = client.resources().await.unwrap();
    let templates = client.templates().await.unwrap();
    let prompts = client.prompts().await.unwrap();
    insta::assert_json_snapshot!(
        json!({ "resources": resources, "templates": templates, "prompts": prompts })
    );
}

#[tokio::test]
async fn prompt_arguments_are_typed() {
    let client = connect(server()).await;
    let said = async |arguments| {
        let result = client.prompt("review", arguments).await.map_err(|error| error.to_string())?;
        let message = serde_json::to_value(&result.messages[0]).unwrap();
        Ok::<_, String>(message["content"]["text"].as_str().unwrap().to_owned())
    };
    assert_eq!(said(json!({ "text": "7" })).await.unwrap(), "7 1 None");
    let all = json!({ "text": "x", "times": "3", "tags": "[\"a\"]" });
    assert_eq!(said(all).await.unwrap(), r#"x 3 Some(["a"])"#);
    for (sent, part) in [
        (json!({}), "text"),
        (json!({ "text": "x", "times": "many" }), "times: expected an integer"),
        (json!({ "text": "x", "times": "6" }), "from 1 to 5"),
        (json!({ "text": "x", "tims": "6" }), "tims: unknown, the arguments are `text`, `times`, `tags`"),
    ] {
        let error = said(sent.clone()).await.unwrap_err();
        assert!(error.contains(part), "{sent}: {error}");
    }
}

#[tokio::test]
async fn completions_get_what_was_typed_and_chosen() {
    use toolwright::core::model::{CompleteContext, CompleteParams, CompletionReference as Reference};
    let client = connect(server()).await;
    let template = Reference::resource("files:///{+path}{?page,size}");
    let params =
        CompleteParams::new(template, "path", "a").context(CompleteContext::new().arguments([("page", "2")]));
    assert_eq!(client.complete(params).await.unwrap().values, ["a.md", "page Some(2)"]);
    let params = CompleteParams::new(Reference::prompt("review"), "times", "4");
    assert_eq!(client.complete(params).await.unwrap().values, ["4", "5"]);
    let params = CompleteParams::new(Reference::prompt("review"), "times", "x");
    assert!(client.complete(params).await.unwrap().values.is_empty(), "nothing to suggest for no number");
}
