//! What is set up when a server starts, and torn down when it stops.
use std::sync::Arc;

use serde_json::json;
use toolwright_core::joint::{Attach, Connect, Endpoint, Mute};
use toolwright_server::{Server, ServerBuilder, Tool, extract::State};

use crate::each::{Client, Diary, MODERN, says};

struct Db(&'static str);
struct Cache(&'static str);
struct Mailer;

/// A database, then a cache, then perhaps a mailer that fails.
fn builder(diary: &Diary) -> ServerBuilder {
    let (up, down) = (diary.clone(), diary.clone());
    let (up2, down2) = (diary.clone(), diary.clone());
    Server::builder("demo")
        .lifespan(
            move || {
                up.note("db up");
                async { Ok(Db("orders")) }
            },
            move |db: Arc<Db>| {
                let diary = down.clone();
                async move {
                    tokio::task::yield_now().await;
                    diary.note(format!("{} down", db.0));
                }
            },
        )
        .lifespan(
            move || {
                let diary = up2.clone();
                async move {
                    tokio::task::yield_now().await;
                    diary.note("cache up");
                    Ok(Cache("lru"))
                }
            },
            move |cache: Arc<Cache>| {
                down2.note(format!("{} down", cache.0));
                std::future::ready(())
            },
        )
}

#[tokio::test]
async fn they_start_in_order_and_stop_in_reverse() {
    let diary = Diary::default();
    let server = builder(&diary).tool(says("hello", "hi")).build().unwrap();
    assert_eq!(diary.read(), Vec::<String>::new());
    server.start().await.unwrap();
    assert_eq!(diary.read(), ["db up", "cache up"]);
    server.stop().await;
    assert_eq!(diary.read()[2..], ["lru down", "orders down"]);
    server.stop().await;
    assert_eq!(diary.read().len(), 4, "stopping twice stops once");
}

#[tokio::test]
async fn starting_twice_starts_once_at_the_same_time_too() {
    let diary = Diary::default();
    let server = builder(&diary).build().unwrap();
    let clone = server.clone();
    let (one, two) = tokio::join!(server.start(), clone.start());
    one.unwrap();
    two.unwrap();
    server.start().await.unwrap();
    assert_eq!(diary.read(), ["db up", "cache up"]);
}

#[tokio::test]
async fn handlers_get_what_they_made() {
    let tool = Tool::new("where")
        .handler(|db: State<Db>, cache: State<Cache>| async move { format!("{} {}", db.0, cache.0) });
    let server = builder(&Diary::default()).tool(tool).build().unwrap();
    let client = Client::new(&server, MODERN).await;
    let result = client.result("tools/call", json!({ "name": "where" })).await;
    assert_eq!(result["isError"], true, "nothing is there before the start: {result}");
    server.start().await.unwrap();
    assert_eq!(client.text("where").await, "orders lru");
}

#[tokio::test]
async fn one_that_fails_tears_down_those_before_it_and_names_itself() {
    let diary = Diary::default();
    let server = builder(&diary)
        .lifespan(
            async || Err::<Mailer, _>("no route to host".into()),
            async |_: Arc<Mailer>| panic!("it never started"),
        )
        .build()
        .unwrap();
    let error = server.start().await.unwrap_err().to_string();
    assert!(error.contains("Mailer") && error.contains("no route to host"), "{error}");
    assert_eq!(diary.read(), ["db up", "cache up", "lru down", "orders down"]);
    assert!(server.start().await.is_err(), "the next start tries again");
    assert_eq!(diary.read().len(), 8);
}

#[tokio::test]
async fn a_client_in_the_same_process_starts_the_server() {
    let diary = Diary::default();
    let server = builder(&diary).build().unwrap();
    let link = server.connect(Attach::new(Arc::new(Mute))).await.unwrap();
    assert_eq!(diary.read(), ["db up", "cache up"]);
    link.close().await;
    assert_eq!(diary.read().len(), 2, "others may still use the server");
}

#[tokio::test]
async fn what_stopped_can_start_again() {
    let diary = Diary::default();
    let server = builder(&diary).build().unwrap();
    server.start().await.unwrap();
    server.stop().await;
    server.start().await.unwrap();
    assert_eq!(diary.read(), ["db up", "cache up", "lru down", "orders down", "db up", "cache up"]);
}
