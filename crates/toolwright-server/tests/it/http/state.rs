//! Whose state a request reaches.
use std::sync::Arc;

use serde_json::json;
use toolwright_core::{
    era::Revision,
    joint::{Endpoint, Inbound, Mute, Principal, Session as Remembered, Transport},
};
use toolwright_server::{Server, Tool, extract::Session};

use super::post::{Lookup, Post};

/// Counts the calls of each caller.
fn server() -> Server {
    let count = Tool::new("count").handler(async |calls: Session<u32>| {
        calls
            .update(|calls| {
                *calls += 1;
                *calls
            })
            .await
            .map(|calls| format!("call {calls}"))
    });
    Server::builder("demo").tool(count).build().unwrap()
}

fn count() -> serde_json::Value {
    json!({ "name": "count", "arguments": {} })
}

async fn text(server: &Server, post: Post, lookup: Arc<Lookup>, caller: Option<&str>) -> String {
    let inbound = Inbound::new(post.body.to_string(), Transport::Http, Arc::new(Mute))
        .headers(post.headers)
        .lookup(lookup)
        .principal(caller.map(Principal::new));
    let answer: serde_json::Value =
        serde_json::from_slice(&server.call(inbound).await.body.unwrap()).unwrap();
    answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

async fn session(server: &Server) -> Arc<dyn Remembered> {
    let session = server.open(Arc::new(Mute));
    let hello = json!({ "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
    let answered = Post::legacy("initialize", hello).at(server, &Lookup::session(&session)).await;
    assert!(answered.opened);
    session
}

#[tokio::test]
async fn each_session_counts_for_itself_and_not_for_its_principal() {
    let server = server();
    let (one, two) = (session(&server).await, session(&server).await);
    for caller in [None, Some("ada")] {
        for (session, expected) in [(&one, "call 1"), (&one, "call 2"), (&two, "call 1")] {
            let post = Post::legacy("tools/call", count());
            assert_eq!(text(&server, post, Lookup::session(session), caller).await, expected, "{caller:?}");
        }
    }
    let alone = text(&server, Post::modern("tools/call", count()), Lookup::nothing(), Some("ada")).await;
    assert_eq!(alone, "call 1");
}

#[tokio::test]
async fn without_a_session_the_principal_counts_in_every_revision() {
    let server = server();
    let mut expected = 0;
    for revision in [Revision::V2025_03_26, Revision::V2025_06_18, Revision::V2025_11_25] {
        let post = Post::legacy("tools/call", count());
        expected += 1;
        let counted = text(&server, post, Lookup::assuming(revision), Some("ada")).await;
        assert_eq!(counted, format!("call {expected}"), "{revision}");
    }
    let modern = text(&server, Post::modern("tools/call", count()), Lookup::nothing(), Some("ada")).await;
    assert_eq!(modern, "call 4");
}

#[tokio::test]
async fn with_neither_the_call_is_refused_in_every_revision() {
    let server = server();
    for (post, lookup) in [
        (Post::legacy("tools/call", count()), Lookup::assuming(Revision::V2025_03_26)),
        (Post::legacy("tools/call", count()), Lookup::assuming(Revision::V2025_11_25)),
        (Post::modern("tools/call", count()), Lookup::nothing()),
    ] {
        let refused = text(&server, post, lookup, None).await;
        assert!(
            refused.starts_with("this call has neither a session nor an authenticated caller"),
            "{refused}"
        );
    }
}
