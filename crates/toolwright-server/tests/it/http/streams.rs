//! What a call says and asks before its answer, and how it ends early.
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::StatusCode;
use serde_json::{Value, json};
use tokio::sync::Notify;
use toolwright_core::joint::{
    BoxFuture, Closed, Endpoint, Mute, Outbound, Outlet, SendError, Session, SessionLookup,
};
use toolwright_server::{Context, HandlerError, Server, Tool};

use super::post::{Lookup, Post};
use crate::{
    each::{Diary, Farewell, LEGACY, poll_once},
    wire::Said,
};

/// A stream that can be resumed.
#[derive(Default)]
struct Resumable {
    said: Said,
    closed: Mutex<Vec<Option<Duration>>>,
}

impl Outlet for Resumable {
    fn try_send(&self, message: Bytes) -> Result<(), SendError> {
        self.said.try_send(message)
    }

    fn send(&self, message: Bytes) -> BoxFuture<'_, Result<(), Closed>> {
        self.said.send(message)
    }

    fn close_stream(&self, retry: Option<Duration>) -> bool {
        self.closed.lock().unwrap().push(retry);
        true
    }
}

fn body(outbound: Outbound) -> Value {
    serde_json::from_slice(&outbound.body.expect("an answer")).unwrap()
}

async fn session(server: &Server, revision: &str) -> Arc<dyn Session> {
    let session = server.open(Arc::new(Mute) as Arc<dyn Outlet>);
    let shake = Post::legacy(
        "initialize",
        json!({ "protocolVersion": revision, "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } }),
    );
    assert!(shake.at(server, &Lookup::session(&session)).await.opened);
    session
}

fn call(tool: &str) -> Post {
    Post::legacy("tools/call", json!({ "name": tool }))
}

fn closer() -> Server {
    let close = Tool::new("close").handler(|context: Context| async move {
        context.close_stream(Some(Duration::from_secs(3))).to_string()
    });
    Server::builder("demo").tool(close).build().unwrap()
}

#[tokio::test]
async fn a_call_in_a_session_can_end_its_connection_and_go_on() {
    let server = closer();
    for revision in LEGACY {
        let session = session(&server, revision).await;
        let outlet = Arc::new(Resumable::default());
        let answer = body(call("close").call(&server, outlet.clone(), Lookup::session(&session)).await);
        assert_eq!(answer["result"]["content"][0]["text"], "true", "{revision}");
        assert_eq!(*outlet.closed.lock().unwrap(), [Some(Duration::from_secs(3))]);
    }
}

#[tokio::test]
async fn where_no_client_could_come_back_no_stream_is_closed() {
    let server = closer();
    let outlet = Arc::new(Resumable::default());
    let modern = Post::modern("tools/call", json!({ "name": "close" }));
    let legacy = Lookup::assuming(toolwright_core::era::Revision::V2025_11_25);
    for (post, lookup) in [(modern, Lookup::nothing()), (call("close"), legacy)] {
        let answer = body(post.call(&server, outlet.clone(), lookup).await);
        assert_eq!(answer["result"]["content"][0]["text"], "false");
    }
    assert!(outlet.closed.lock().unwrap().is_empty());
    let client = crate::each::Client::new(&server, "2025-11-25").await;
    assert_eq!(client.text("close").await, "false", "a pipe is no stream that can be resumed");
}

fn pinger() -> Server {
    let ping = Tool::new("ping").handler(|context: Context| async move {
        context.ping().await?;
        Ok::<_, HandlerError>("there")
    });
    Server::builder("demo").tool(ping).build().unwrap()
}

#[tokio::test]
async fn a_client_is_pinged_on_the_stream_of_the_call() {
    let server = pinger();
    for revision in LEGACY {
        let session = session(&server, revision).await;
        for (answer, text) in [
            (json!({ "result": {} }), "there"),
            (
                json!({ "error": { "code": -32601, "message": "what?" } }),
                "the client refused to answer: what? (-32601)",
            ),
        ] {
            let outlet = Arc::new(Said::default());
            let mut running = call("ping").call(&server, outlet.clone(), Lookup::session(&session));
            assert!(poll_once(&mut running).is_pending());
            let mut response = answer;
            let asked = outlet.all().remove(0);
            assert_eq!(asked["method"], "ping");
            response["jsonrpc"] = "2.0".into();
            response["id"] = asked["id"].clone();
            assert_eq!(
                Post::of(response).at(&server, &Lookup::session(&session)).await.status,
                StatusCode::ACCEPTED
            );
            assert_eq!(body(running.await)["result"]["content"][0]["text"], text, "{revision}");
        }
        let mut running = call("ping").call(&server, Arc::new(Said::default()), Lookup::session(&session));
        assert!(poll_once(&mut running).is_pending());
        session.end_of_input();
        assert_eq!(body(running.await)["result"]["content"][0]["text"], "the client is gone");
    }
}

#[tokio::test]
async fn who_cannot_be_pinged_is_an_error_that_says_so() {
    let server = pinger();
    let modern = Post::modern("tools/call", json!({ "name": "ping" })).to(&server).await;
    assert_eq!(
        modern.body()["result"]["content"][0]["text"],
        "clients of revision 2026-07-28 cannot be pinged: servers send them no requests"
    );
    let lookup = Lookup::assuming(toolwright_core::era::Revision::V2025_11_25);
    let legacy = call("ping").at(&server, &lookup).await;
    assert_eq!(
        legacy.body()["result"]["content"][0]["text"],
        "the client cannot be pinged: the call came without a session"
    );
}

/// A server with a tool that notes how its run ends, and what the context of that run was.
fn sleeper() -> (Server, Diary, Arc<Mutex<Option<Context>>>) {
    let (diary, kept) = (Diary::default(), Arc::new(Mutex::new(None)));
    let (own, keep) = (diary.clone(), Arc::clone(&kept));
    let sleep = Tool::new("sleep").handler(move |context: Context| {
        let farewell = Farewell(own.clone(), "dropped");
        *keep.lock().unwrap() = Some(context);
        async move {
            let _farewell = farewell;
            Notify::new().notified().await;
            "never"
        }
    });
    (Server::builder("demo").tool(sleep).build().unwrap(), diary, kept)
}

#[tokio::test]
async fn a_stateless_call_whose_future_is_dropped_is_cancelled() {
    let (server, diary, kept) = sleeper();
    let outlet = Arc::new(Said::default());
    let post = Post::modern("tools/call", json!({ "name": "sleep", "_meta": { "progressToken": 1 } }));
    let mut running = post.call(&server, outlet.clone(), Lookup::nothing());
    assert!(poll_once(&mut running).is_pending());
    let context = kept.lock().unwrap().clone().unwrap();
    assert!(!context.is_cancelled());
    drop(running);
    assert_eq!(diary.read(), ["dropped"]);
    assert!(context.is_cancelled());
    context.progress(1, 2);
    assert_eq!(outlet.methods(), Vec::<String>::new(), "it says nothing any more");
}

#[tokio::test]
async fn a_call_that_its_session_cancels_ends_without_an_answer() {
    let (server, diary, kept) = sleeper();
    for revision in LEGACY {
        let session = session(&server, revision).await;
        let lookup = Lookup::session(&session);
        let mut running = call("sleep").call(&server, Arc::new(Said::default()), lookup.clone());
        assert!(poll_once(&mut running).is_pending());
        let cancel = Post::legacy("notifications/cancelled", json!({ "requestId": 1, "reason": "enough" }))
            .without_id();
        assert_eq!(cancel.at(&server, &lookup).await.status, StatusCode::ACCEPTED);
        assert_eq!(running.await.body, None, "{revision}");
        assert!(kept.lock().unwrap().take().unwrap().is_cancelled());
    }
    assert_eq!(diary.read().len(), LEGACY.len());
}

#[tokio::test]
async fn a_stateless_client_cancels_by_hanging_up_and_not_by_a_message() {
    let (server, diary, _kept) = sleeper();
    let lookup: Arc<dyn SessionLookup> = Lookup::nothing();
    let post = Post::modern("tools/call", json!({ "name": "sleep" }));
    let mut running = post.call(&server, Arc::new(Said::default()), lookup);
    assert!(poll_once(&mut running).is_pending());
    let cancel = Post::modern("notifications/cancelled", json!({ "requestId": 1 })).without_id();
    assert_eq!(cancel.to(&server).await.status, StatusCode::ACCEPTED);
    assert!(poll_once(&mut running).is_pending(), "ids of two clients may be the same");
    assert_eq!(diary.read(), Vec::<String>::new());
}

fn listen(id: Value) -> Post {
    let mut post =
        Post::modern("subscriptions/listen", json!({ "notifications": { "toolsListChanged": true } }));
    post.body["id"] = id;
    post
}

#[tokio::test(start_paused = true)]
async fn a_subscription_outlives_every_time_limit_and_ends_with_its_result_when_the_server_does() {
    let (server, ..) = sleeper();
    for id in [json!(7), json!("7")] {
        let outlet = Arc::new(Said::default());
        let mut running = listen(id.clone()).call(&server, outlet.clone(), Lookup::nothing());
        assert!(poll_once(&mut running).is_pending());
        let own =
            |message: &Value| message["params"]["_meta"]["io.modelcontextprotocol/subscriptionId"].clone();
        assert_eq!(outlet.methods(), ["notifications/subscriptions/acknowledged"]);
        assert_eq!(own(&outlet.all()[0]), id);
        tokio::time::advance(Duration::from_secs(3600)).await;
        assert!(poll_once(&mut running).is_pending());
        server.notifier().tools_changed();
        assert!(poll_once(&mut running).is_pending());
        assert_eq!(own(&outlet.all()[1]), id);
        server.drain();
        let answer = body(running.await);
        assert_eq!(answer["id"], id);
        assert_eq!(
            answer["result"],
            json!({ "resultType": "complete", "_meta": { "io.modelcontextprotocol/subscriptionId": id } })
        );
        assert_eq!(outlet.methods().len(), 2, "over HTTP nothing else says that it is over");
        server.stop().await;
        server.start().await.unwrap();
    }
}

#[tokio::test]
async fn a_subscription_that_is_hung_up_on_leaves_nothing_behind() {
    let (server, ..) = sleeper();
    let outlet = Arc::new(Said::default());
    let mut running = listen(json!(1)).call(&server, outlet.clone(), Lookup::nothing());
    assert!(poll_once(&mut running).is_pending());
    drop(running);
    server.notifier().tools_changed();
    assert_eq!(outlet.methods(), ["notifications/subscriptions/acknowledged"]);
    assert_eq!(Arc::strong_count(&outlet), 1);
}
