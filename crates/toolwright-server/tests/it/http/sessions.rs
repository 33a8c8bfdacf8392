//! Which session a message is in, the transport says: once, after the body was looked at.
use std::sync::Arc;

use http::StatusCode;
use serde_json::{Value, json};
use toolwright_core::{
    era::Revision,
    joint::{Endpoint, Mute, Outlet, Refused, Session},
    jsonrpc::RpcError,
};
use toolwright_server::Server;

use super::post::{Lookup, Post};
use crate::each::{LEGACY, says};

fn server() -> Server {
    Server::builder("demo").tool(says("hello", "hi")).build().unwrap()
}

fn shake(revision: &str) -> Post {
    Post::legacy(
        "initialize",
        json!({ "protocolVersion": revision, "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } }),
    )
}

fn call() -> Post {
    Post::legacy("tools/call", json!({ "name": "hello" }))
}

async fn session(server: &Server, revision: &str) -> (Arc<dyn Session>, Arc<Lookup>) {
    let session = server.open(Arc::new(Mute) as Arc<dyn Outlet>);
    let lookup = Lookup::session(&session);
    let answered = shake(revision).at(server, &lookup).await;
    assert!(answered.opened);
    assert_eq!(answered.body()["result"]["protocolVersion"], revision);
    (session, lookup)
}

#[tokio::test]
async fn the_transport_is_asked_once_for_each_message_and_told_what_it_is() {
    let server = server();
    let claimed = |post: Post| post.meta("protocolVersion", "2025-06-18");
    for (post, asked) in [
        (call(), "request tools/call"),
        (shake("2025-06-18"), "request initialize"),
        (claimed(shake("2025-06-18")), "request initialize"),
        (claimed(call()), "request tools/call alone"),
        (Post::modern("tools/list", json!({})), "request tools/list alone"),
        (Post::modern("initialize", json!({})), "request initialize alone"),
        (call().meta("protocolVersion", "2031-01-01"), "request tools/call alone"),
        (call().meta("protocolVersion", 7), "request tools/call alone"),
        (Post::legacy("no/such", json!({})), "request no/such"),
        (
            Post::legacy("notifications/initialized", json!({})).without_id(),
            "notification notifications/initialized",
        ),
        (
            Post::legacy("notifications/cancelled", json!({})).without_id(),
            "notification notifications/cancelled",
        ),
        (
            Post::modern("notifications/cancelled", json!({})).without_id(),
            "notification notifications/cancelled alone",
        ),
        (Post::of(json!({ "jsonrpc": "2.0", "id": 1, "result": {} })), "response"),
        (Post::of(json!({ "jsonrpc": "2.0", "id": 1, "error": "no" })), "response"),
        (Post::of(json!([call().body, call().body])), "batch"),
    ] {
        let lookup = Lookup::assuming(Revision::V2025_03_26);
        post.at(&server, &lookup).await;
        assert_eq!(lookup.asked(), [asked]);
    }
    for text in ["", "{", "{}", "[]", "[1,"] {
        let lookup = Lookup::nothing();
        assert_eq!(Post::text(text).at(&server, &lookup).await.status, StatusCode::BAD_REQUEST);
        assert_eq!(lookup.asked(), Vec::<String>::new(), "{text}");
    }
}

#[tokio::test]
async fn the_revision_of_the_session_holds_whatever_a_header_says() {
    let server = server();
    for revision in LEGACY {
        let (session, lookup) = session(&server, revision).await;
        assert_eq!(session.revision().map(Revision::as_str), Some(revision));
        for version in ["2025-11-25", "2026-07-28", "2031-01-01"] {
            let answered =
                call().header("mcp-protocol-version", version.as_bytes()).at(&server, &lookup).await;
            assert_eq!(answered.body()["result"]["content"][0]["text"], "hi", "{revision}");
            assert!(answered.body()["result"].get("resultType").is_none());
        }
    }
}

#[tokio::test]
async fn a_stateless_request_is_in_no_session_even_if_the_transport_says_so() {
    let server = server();
    let (session, lookup) = session(&server, "2025-06-18").await;
    session.close();
    let answered = Post::modern("tools/call", json!({ "name": "hello" })).at(&server, &lookup).await;
    assert_eq!(answered.body()["result"]["resultType"], "complete");
}

#[tokio::test]
async fn without_a_session_a_message_is_of_the_revision_that_the_transport_assumes() {
    let server = server();
    for revision in [Revision::V2025_03_26, Revision::V2025_11_25] {
        let answered = call().at(&server, &Lookup::assuming(revision)).await;
        assert_eq!(answered.body()["result"]["content"][0]["text"], "hi");
    }
    let answered = call().to(&server).await;
    assert_eq!(answered.verdict(), (400, -32602), "nothing is assumed");
    let modern = call().header("mcp-protocol-version", b"2026-07-28");
    let answered = modern.at(&server, &Lookup::assuming(Revision::V2025_03_26)).await;
    assert_eq!(answered.verdict(), (400, -32602), "the header names a revision whose requests claim it");
}

#[tokio::test]
async fn what_the_transport_refuses_is_answered_with_its_status_and_the_id_of_the_request() {
    let server = server();
    let refused = || {
        Lookup::new(Err(Refused::new(StatusCode::NOT_FOUND, RpcError::invalid_request("unknown session"))))
    };
    let answered = call().at(&server, &refused()).await;
    assert_eq!(answered.verdict(), (404, -32600));
    assert_eq!((&answered.body()["id"], answered.message()), (&json!(1), "unknown session"));
    for post in [
        call().without_id(),
        Post::of(json!({ "jsonrpc": "2.0", "id": 1, "result": {} })),
        Post::of(json!([call().body])),
    ] {
        let answered = post.at(&server, &refused()).await;
        assert_eq!(answered.verdict(), (404, -32600));
        assert_eq!(answered.body().get("id"), None);
    }
}

#[tokio::test]
async fn a_response_without_a_session_is_refused_and_one_within_is_accepted() {
    let server = server();
    let response = || Post::of(json!({ "jsonrpc": "2.0", "id": 1, "result": {} }));
    let answered = response().at(&server, &Lookup::assuming(Revision::V2025_03_26)).await;
    assert_eq!(answered.verdict(), (400, -32600));
    let (_session, lookup) = session(&server, "2025-06-18").await;
    let answered = response().at(&server, &lookup).await;
    assert_eq!((answered.status, answered.body), (StatusCode::ACCEPTED, None));
}

#[tokio::test]
async fn a_live_session_is_not_initialized_again() {
    let server = server();
    let (_session, lookup) = session(&server, "2025-06-18").await;
    let answered = shake("2025-11-25").at(&server, &lookup).await;
    assert_eq!((answered.verdict(), answered.opened), ((400, -32600), false));
    assert_eq!(call().at(&server, &lookup).await.verdict(), (200, 0));
}

#[tokio::test]
async fn a_handshake_that_fails_opens_nothing() {
    let server = server();
    let session = server.open(Arc::new(Mute) as Arc<dyn Outlet>);
    let answered = Post::legacy("initialize", json!({})).at(&server, &Lookup::session(&session)).await;
    assert_eq!((answered.verdict(), answered.opened), ((200, -32602), false));
    assert_eq!(session.revision(), None);
}

#[tokio::test]
async fn a_batch_is_for_one_revision_and_all_or_nothing() {
    let server = server();
    let good = Lookup::assuming(Revision::V2025_03_26);
    let mut second = call().body;
    second["id"] = json!("b");
    let notice = call().without_id().body;
    let claiming = Post::modern("tools/list", json!({})).body;
    for (what, items, verdict) in [
        ("two requests", json!([call().body, second]), (200, 0)),
        ("a notification only", json!([notice]), (202, 0)),
        ("a malformed item", json!([call().body, 7]), (400, -32600)),
        ("an item that claims", json!([call().body, claiming]), (400, -32600)),
        ("an item with an unreadable claim", json!([call().meta("protocolVersion", 7).body]), (400, -32600)),
        ("a handshake", json!([shake("2025-03-26").body]), (200, 0)),
    ] {
        let answered = Post::of(items).at(&server, &good).await;
        assert_eq!(answered.verdict(), verdict, "{what}: {:?}", answered.body);
    }
    let answered = Post::of(json!([call().body, second])).at(&server, &good).await;
    let ids: Vec<_> = answered.body().as_array().unwrap().iter().map(|answer| answer["id"].clone()).collect();
    assert_eq!(ids, [json!(1), json!("b")]);
    let shaken = Post::of(json!([shake("2025-03-26").body])).at(&server, &good).await;
    assert_eq!((shaken.body()[0]["error"]["code"].clone(), shaken.opened), (json!(-32600), false));
    for lookup in [Lookup::nothing(), Lookup::assuming(Revision::V2025_06_18)] {
        assert_eq!(Post::of(json!([call().body])).at(&server, &lookup).await.verdict(), (400, -32600));
    }
    for revision in LEGACY {
        let (_session, lookup) = session(&server, revision).await;
        let answered = Post::of(json!([call().body])).at(&server, &lookup).await;
        let expected = if revision == "2025-03-26" { (200, 0) } else { (400, -32600) };
        assert_eq!(answered.verdict(), expected, "{revision}");
    }
}

#[tokio::test]
async fn ids_keep_their_type() {
    let server = server();
    for id in [json!(7), json!("7"), json!(0), json!("")] {
        for mut post in [call(), Post::modern("tools/call", json!({ "name": "hello" }))] {
            post.body["id"] = id.clone();
            let answered = post.at(&server, &Lookup::assuming(Revision::V2025_06_18)).await;
            assert_eq!(answered.body()["id"], id);
        }
    }
    let unreadable: Value = Post::text("{").to(&server).await.body.unwrap();
    assert_eq!(unreadable.get("id"), None);
}
