use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::{Value, json};
use toolwright_client::{Cache, Client};

use crate::fake::{Call, Fake, LEGACY, MODERN, Reaction};

/// Numbers its answers, which are fresh for `ttl`.
fn fresh_for(ttl: Value) -> impl Fn(Call) -> Reaction + Send + Sync {
    let count = AtomicUsize::new(0);
    move |call| {
        let number = count.fetch_add(1, Ordering::SeqCst).to_string();
        let mut result = json!({ "resultType": "complete", "ttlMs": ttl, "cacheScope": "private" });
        match call.method.as_str() {
            "tools/list" => result["tools"] = json!([]),
            "prompts/list" => result["prompts"] = json!([{ "name": number }]),
            "resources/list" => result["resources"] = json!([]),
            "resources/templates/list" => result["resourceTemplates"] = json!([]),
            "resources/read" => {
                result["contents"] = json!([{ "uri": call.params["uri"], "text": "x".repeat(100) }]);
            }
            "tools/call" => result["content"] = json!([]),
            _ => return crate::fake::unknown(),
        }
        Reaction::Result(result)
    }
}

#[tokio::test(start_paused = true)]
async fn a_result_is_asked_for_once_while_it_is_fresh() {
    let fake = Fake::new(MODERN, fresh_for(json!(1000)));
    let client = fake.connect().await;
    for _ in 0..3 {
        assert_eq!(client.prompts().await.unwrap()[0].name, "0");
    }
    tokio::time::advance(Duration::from_millis(1000)).await;
    assert_eq!(client.prompts().await.unwrap()[0].name, "1");
    assert_eq!(client.list_prompts(None).fresh().await.unwrap().prompts[0].name, "2");
    assert_eq!(client.prompts().await.unwrap()[0].name, "2", "what was asked for last counts");
}

#[tokio::test]
async fn another_cursor_uri_or_version_is_another_result_and_calls_are_never_kept() {
    let fake = Fake::new(MODERN, fresh_for(json!(60_000)));
    let client = fake.connect().await;
    for _ in 0..2 {
        client.list_prompts(None).await.unwrap();
        client.list_prompts(Some("a".to_owned())).await.unwrap();
        client.read("a://1").await.unwrap();
        client.read("a://2").await.unwrap();
    }
    assert_eq!((fake.sent_as("prompts/list").len(), fake.sent_as("resources/read").len()), (2, 2));
    for _ in 0..2 {
        client.read("a://1").version("2").await.unwrap();
        client.call("x", ()).await.unwrap();
    }
    assert_eq!((fake.sent_as("resources/read").len(), fake.sent_as("tools/call").len()), (4, 2));
}

#[tokio::test]
async fn what_is_not_called_fresh_is_asked_for_each_time() {
    for ttl in [json!(0), json!(-5), Value::Null, json!("soon")] {
        let fake = Fake::new(MODERN, fresh_for(ttl.clone()));
        let client = fake.connect().await;
        for _ in 0..2 {
            let _ = client.request("prompts/list", ()).await.unwrap();
        }
        assert_eq!(fake.sent_as("prompts/list").len(), 2, "{ttl}");
    }
    let fake = Fake::new(LEGACY, fresh_for(json!(60_000)));
    let client = fake.connect().await;
    client.prompts().await.unwrap();
    client.prompts().await.unwrap();
    assert_eq!(fake.sent_as("prompts/list").len(), 2, "older revisions know nothing of it");
}

#[tokio::test]
async fn a_notice_of_a_change_makes_stale_what_it_is_about() {
    let fake = Fake::new(MODERN, fresh_for(json!(60_000)));
    let client = fake.connect().await;
    let all = async || {
        client.tools().await.unwrap();
        client.prompts().await.unwrap();
        client.resources().await.unwrap();
        client.templates().await.unwrap();
        client.read("a://1").await.unwrap();
        client.read("a://2").await.unwrap();
        fake.sent().len()
    };
    let asked = all().await;
    assert_eq!(all().await, asked);
    for (method, params, stale) in [
        ("notifications/tools/list_changed", json!({}), 1),
        ("notifications/prompts/list_changed", json!({}), 1),
        ("notifications/resources/list_changed", json!({}), 2),
        ("notifications/resources/updated", json!({ "uri": "a://1/part" }), 1),
        ("notifications/resources/updated", json!({ "uri": "b://" }), 0),
    ] {
        let before = fake.sent().len();
        fake.notify(method, params);
        assert_eq!(all().await - before, stale, "{method}");
    }
}

#[tokio::test]
async fn an_answer_that_a_change_overtook_is_not_kept() {
    let fake = Fake::new(MODERN, |call| {
        call.notify("notifications/tools/list_changed", json!({}));
        Reaction::Result(
            json!({ "resultType": "complete", "tools": [], "ttlMs": 60_000, "cacheScope": "public" }),
        )
    });
    let client = fake.connect().await;
    client.tools().await.unwrap();
    client.tools().await.unwrap();
    assert_eq!(fake.sent_as("tools/list").len(), 2);
}

#[tokio::test]
async fn what_is_kept_is_bounded_and_can_be_nothing() {
    let read = async |cache: Cache| {
        let fake = Fake::new(MODERN, fresh_for(json!(60_000)));
        let client = fake.connect_with(Client::builder().cache(cache)).await.unwrap();
        for n in [1, 2, 3, 3, 2, 1] {
            client.read(format!("a://{n}")).await.unwrap();
        }
        fake.sent_as("resources/read").len()
    };
    assert_eq!(read(Cache::default()).await, 3);
    assert_eq!(read(Cache::default().entries(2)).await, 4);
    assert_eq!(read(Cache::default().bytes(600)).await, 4);
    assert_eq!(read(Cache::default().bytes(100)).await, 6);
    assert_eq!(read(Cache::off()).await, 6);
}

#[tokio::test]
async fn a_result_that_asks_for_input_and_what_follows_it_are_not_kept() {
    let fake = Fake::new(MODERN, |call| {
        let fresh = json!({
            "resultType": "complete", "contents": [], "ttlMs": 60_000, "cacheScope": "public",
        });
        let asks = json!({ "resultType": "input_required", "requestState": "s", "ttlMs": 60_000 });
        Reaction::Result(if call.params["requestState"].is_null() { asks } else { fresh })
    });
    let client = fake.connect().await;
    client.read("a://1").await.unwrap();
    client.read("a://1").await.unwrap();
    assert_eq!(fake.sent_as("resources/read").len(), 4);
}

#[tokio::test]
async fn a_list_begins_anew_when_a_kept_page_leads_nowhere() {
    let lists = Arc::new(AtomicUsize::new(0));
    let count = lists.clone();
    let fake = Fake::new(MODERN, move |call| {
        let generation = count.load(Ordering::SeqCst);
        let page = |name: String, next: Option<String>, ttl: u32| {
            let mut page = json!({
                "resultType": "complete", "prompts": [{ "name": name }], "ttlMs": ttl, "cacheScope": "public",
            });
            if let Some(next) = next {
                page["nextCursor"] = json!(next);
            }
            Reaction::Result(page)
        };
        match call.params["cursor"].as_str() {
            None => page(format!("first {generation}"), Some(generation.to_string()), 60_000),
            Some(cursor) if cursor == generation.to_string() => page(format!("last {generation}"), None, 0),
            Some(_) => Reaction::Error(-32602, "unknown cursor", Value::Null),
        }
    });
    let client = fake.connect().await;
    let names =
        async || client.prompts().await.unwrap().into_iter().map(|prompt| prompt.name).collect::<Vec<_>>();
    assert_eq!(names().await, ["first 0", "last 0"]);
    lists.store(1, Ordering::SeqCst);
    assert_eq!(names().await, ["first 1", "last 1"]);
}
