//! What handlers get from the request instead of from the client's arguments.
use std::sync::Arc;

use http::{HeaderValue, Uri};
use serde_json::{Value, json};
use toolwright_core::joint::{Endpoint, Inbound, Mute, Transport};
use toolwright_server::{
    Server, Tool,
    extract::{Ext, HttpParts},
};

use crate::{
    each::{Client, each},
    wire::{mirrored, modern},
};

/// Whom the application in front of the server signed in.
#[derive(Clone)]
struct User(&'static str);

fn server() -> Server {
    let parts = Tool::new("parts").handler(async |http: HttpParts| {
        let trace = http.headers.get("x-trace").and_then(|trace| trace.to_str().ok()).unwrap_or("none");
        format!("{} {trace} {:?}", http.uri, http.peer)
    });
    let maybe = Tool::new("maybe").handler(async |http: Option<HttpParts>| {
        http.map_or_else(|| "elsewhere".to_owned(), |http| http.uri.to_string())
    });
    let user = Tool::new("user").handler(async |Ext(User(name)): Ext<User>| name);
    let guest = Tool::new("guest")
        .handler(async |user: Option<Ext<User>>| user.map_or("guest", |Ext(User(name))| name));
    Server::builder("demo").tools([parts, maybe, user, guest]).build().unwrap()
}

/// What an HTTP transport hands over.
async fn http(server: &Server, tool: &str) -> Value {
    let message = modern(1, "tools/call", json!({ "name": tool, "arguments": {} }), json!({}));
    let message = message.to_string();
    let mut headers = mirrored(message.as_bytes());
    headers.insert("x-trace", HeaderValue::from_static("abc"));
    let mut extensions = http::Extensions::new();
    extensions.insert(User("ada"));
    let inbound = Inbound::new(message, Transport::Http, Arc::new(Mute))
        .uri(Uri::from_static("/mcp?tenant=7"))
        .headers(headers)
        .extensions(extensions)
        .peer(([127, 0, 0, 1], 4711).into());
    let answer = server.call(inbound).await.body.unwrap();
    serde_json::from_slice::<Value>(&answer).unwrap()["result"].take()
}

fn text(result: &Value) -> &str {
    result["content"][0]["text"].as_str().unwrap()
}

#[tokio::test]
async fn a_call_over_http_has_the_parts_of_its_request() {
    let server = server();
    assert_eq!(text(&http(&server, "parts").await), "/mcp?tenant=7 abc Some(127.0.0.1:4711)");
    assert_eq!(text(&http(&server, "maybe").await), "/mcp?tenant=7");
}

#[tokio::test]
async fn what_a_layer_before_the_server_left_reaches_the_handler() {
    let server = server();
    assert_eq!(text(&http(&server, "user").await), "ada");
    assert_eq!(text(&http(&server, "guest").await), "ada");
}

#[tokio::test]
async fn other_transports_have_none_of_it_and_say_so() {
    for client in each(&server()).await {
        assert_eq!(client.text("maybe").await, "elsewhere", "{}", client.revision);
        assert_eq!(client.text("guest").await, "guest");
        assert_eq!(refusal(&client, "parts").await, "this can be called over HTTP only");
        let refusal = refusal(&client, "user").await;
        assert!(refusal.starts_with("no layer provided a `"), "{refusal}");
    }
}

async fn refusal(client: &Client, tool: &str) -> String {
    let result = client.result("tools/call", json!({ "name": tool, "arguments": {} })).await;
    assert_eq!(result["isError"], true);
    text(&result).to_owned()
}
