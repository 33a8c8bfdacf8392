//! Servers of 2024-11-05.
use serde_json::json;
use toolwright_client::Client;
use toolwright_core::joint::LinkError;
use toolwright_http::{ServeHttp, client::Http};
use toolwright_server::{Context, Server, Tool};

use super::script::{Answer, RESULT, Script, Step, call, event};

fn endpoint(reference: &str) -> Answer {
    Answer::events(format!("event: endpoint\ndata: {reference}\n\n"))
}

#[tokio::test]
async fn an_older_server_is_found_behind_the_url_of_its_stream() {
    let hello = Tool::new("hello").handler(|context: Context| async move {
        context.progress(1, 2);
        "hi"
    });
    let server = Server::builder("demo").tool(hello).build().unwrap();
    let router = server.http().sse_pair("/sse", "/messages").router::<()>("/mcp");
    let client = Client::connect(Http::in_process(router, "/sse")).await.unwrap();
    assert!(!client.revision().era().is_stateless());
    assert_eq!(client.call("hello", json!({})).await.unwrap().text(), "hi");
    client.close().await;
}

#[tokio::test]
async fn answers_come_on_the_stream_to_what_is_posted_to_its_endpoint() {
    let script = Script::new([
        Answer::status(405),
        endpoint("messages?session=1").data(event(RESULT)).then(Step::Hang),
        Answer::status(202),
    ]);
    let (link, _inbox) = script.connect().await;
    // Whoever reads the stream is a task, which runs once the request waits.
    let exchange = link.exchange(call("initialize")).await;
    let seen = script.seen();
    assert_eq!(seen[2].path, "/messages?session=1");
    assert!(exchange.is_ok_and(|incoming| incoming.body.unwrap() == RESULT));
}

#[tokio::test]
async fn an_endpoint_of_another_origin_is_refused() {
    let script = Script::new([Answer::status(404), endpoint("https://evil.example/messages")]);
    let (link, _inbox) = script.connect().await;
    let error = link.exchange(call("initialize")).await.unwrap_err();
    assert!(error.to_string().contains("evil.example"), "{error}");
    assert_eq!(script.seen().len(), 2);
}

#[tokio::test]
async fn a_refusal_that_an_older_server_would_not_give_stays_a_refusal() {
    for status in [401, 403, 429, 500] {
        let script = Script::new([Answer::status(status)]);
        let (link, _inbox) = script.connect().await;
        assert_eq!(link.exchange(call("initialize")).await.unwrap().status.unwrap(), status);
        assert_eq!(script.seen().len(), 1);
    }
    let script = Script::new([Answer::status(400), Answer::status(405)]);
    let (link, _inbox) = script.connect().await;
    assert_eq!(link.exchange(call("initialize")).await.unwrap().status.unwrap(), 400);
    assert_eq!(script.seen().len(), 2);
}

#[tokio::test]
async fn a_stream_that_ends_fails_whoever_waits() {
    let script = Script::new([Answer::status(405), endpoint("/messages"), Answer::status(202)]);
    let (link, _inbox) = script.connect().await;
    assert!(matches!(link.exchange(call("initialize")).await, Err(LinkError::Closed)));
    link.closed().await;
}
