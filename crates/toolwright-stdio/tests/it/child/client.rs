use serde_json::json;
use toolwright_client::{Client, ClientError};
use toolwright_core::joint::LinkError;
use toolwright_stdio::Child;

use super::fixture::child;

#[tokio::test]
async fn a_server_that_dies_of_the_probe_is_started_again_and_greeted() {
    let client = Client::connect(child("legacy")).await.unwrap();
    assert_eq!(client.server_info().unwrap().name, "fixture");
    assert!(client.tools().await.unwrap().is_empty());
    client.close().await;
}

#[tokio::test]
async fn a_server_that_always_dies_says_its_last_words() {
    let error =
        Client::connect(Child::new("sh").args(["-c", "echo 'no API key' >&2; exit 1"])).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the server process ended with status 1; its last words on stderr:\nno API key"
    );
}

#[tokio::test]
async fn a_death_under_a_call_fails_the_call() {
    let client = Client::connect(child("legacy")).await.unwrap();
    let error = client.request("die", json!({ "of": "work" })).await.unwrap_err();
    assert!(matches!(error, ClientError::Link(LinkError::Died { status: Some(7), .. })), "{error}");
}

#[tokio::test]
async fn after_a_death_the_next_call_finds_a_new_process() {
    let client = Client::connect(child("legacy")).await.unwrap();
    let first = client.request("process", json!({})).await.unwrap();
    client.request("die", json!({})).await.unwrap_err();
    assert_ne!(client.request("process", json!({})).await.unwrap(), first);
    client.close().await;
}
