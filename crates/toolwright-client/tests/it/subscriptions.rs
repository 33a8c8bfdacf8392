use std::{future::poll_fn, pin::pin, time::Duration};

use futures_core::Stream as _;
use serde_json::{Value, json};
use toolwright_client::{Change, Client, ClientError};
use toolwright_core::model::SubscriptionFilter;

use crate::fake::{Call, Fake, LEGACY, MODERN, Reaction, later, settle_down, unknown};

fn all() -> SubscriptionFilter {
    SubscriptionFilter::new()
        .tools_list_changed(true)
        .prompts_list_changed(true)
        .resources_list_changed(true)
        .resource_subscriptions(["a://b"])
}

fn tag(call: &Call, mut params: Value) -> Value {
    params["_meta"] = json!({ "io.modelcontextprotocol/subscriptionId": call.id });
    params
}

fn acknowledge(call: &Call) {
    let filter = call.params["notifications"].clone();
    call.notify("notifications/subscriptions/acknowledged", tag(call, json!({ "notifications": filter })));
}

/// Acknowledges, tells of everything, and ends.
fn telling(call: Call) -> Reaction {
    later(async move {
        acknowledge(&call);
        settle_down().await;
        call.notify("notifications/tools/list_changed", tag(&call, json!({})));
        call.notify("notifications/tools/list_changed", tag(&call, json!({})));
        call.notify("notifications/resources/updated", tag(&call, json!({ "uri": "a://b/c" })));
        call.notify("example/changed", tag(&call, json!({ "x": 1 })));
        call.notify(
            "notifications/prompts/list_changed",
            json!({ "_meta": { "io.modelcontextprotocol/subscriptionId": 4711 } }),
        );
        settle_down().await;
        call.notify("notifications/resources/list_changed", tag(&call, json!({})));
        Reaction::Result(
            json!({ "resultType": "complete", "_meta": { "io.modelcontextprotocol/subscriptionId": call.id } }),
        )
    })
}

#[tokio::test]
async fn changes_are_streamed_until_the_server_ends() {
    let fake = Fake::new(MODERN, telling);
    let client = fake.connect().await;
    let mut changes = client.listen(all()).await.unwrap();
    assert_eq!(changes.acknowledged(), &all());
    assert_eq!(changes.next().await.unwrap(), Some(Change::Tools));
    assert_eq!(
        changes.next().await.unwrap(),
        Some(Change::Resource("a://b/c".to_owned())),
        "equal changes are one"
    );
    assert!(
        matches!(changes.next().await.unwrap(), Some(Change::Other { method, .. }) if method == "example/changed")
    );
    assert_eq!(changes.next().await.unwrap(), Some(Change::Resources));
    assert_eq!(changes.next().await.unwrap(), None);
    assert_eq!(changes.next().await.unwrap(), None);
    drop(changes);
    settle_down().await;
    assert!(fake.sent_as("notifications/cancelled").is_empty());
    let listen = &fake.sent_as("subscriptions/listen")[0];
    assert_eq!(listen["params"]["notifications"]["resourceSubscriptions"], json!(["a://b"]));
    assert!(listen["params"]["_meta"].is_object());
}

#[tokio::test]
async fn a_subscription_is_a_stream_whose_last_item_may_be_an_error() {
    let fake = Fake::new(MODERN, |call| {
        acknowledge(&call);
        call.notify("notifications/tools/list_changed", tag(&call, json!({})));
        Reaction::Silence
    });
    let client = fake.connect().await;
    let mut changes = pin!(client.listen(all()).await.unwrap());
    let mut next = async || poll_fn(|cx| changes.as_mut().poll_next(cx)).await;
    assert_eq!(next().await.unwrap().unwrap(), Change::Tools);
    client.close().await;
    assert!(next().await.unwrap().unwrap_err().is_closed());
    assert!(next().await.is_none());
}

#[tokio::test]
async fn dropping_a_subscription_ends_it_at_the_server() {
    let quiet = |call: Call| {
        acknowledge(&call);
        Reaction::Silence
    };
    let fake = Fake::new(MODERN, quiet);
    let client = fake.connect().await;
    let changes = client.listen(all()).await.unwrap();
    drop(changes);
    settle_down().await;
    assert_eq!(fake.dropped(), 1);
    assert_eq!(
        fake.sent_as("notifications/cancelled")[0]["params"]["requestId"],
        fake.sent_as("subscriptions/listen")[0]["id"]
    );

    let fake = Fake::watchful(MODERN, quiet);
    let client = fake.connect().await;
    drop(client.listen(all()).await.unwrap());
    settle_down().await;
    assert_eq!((fake.dropped(), fake.sent_as("notifications/cancelled").len()), (1, 0));
}

#[tokio::test]
async fn a_server_can_end_a_subscription_by_cancelling_it() {
    let fake = Fake::new(MODERN, |call| {
        acknowledge(&call);
        call.notify("notifications/cancelled", json!({ "requestId": call.id }));
        Reaction::Silence
    });
    let client = fake.connect().await;
    let mut changes = client.listen(all()).await.unwrap();
    assert_eq!(changes.next().await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_subscription_that_is_refused_lost_or_never_acknowledged_is_an_error() {
    let client = Fake::new(MODERN, |_| unknown()).connect().await;
    assert!(client.listen(all()).await.unwrap_err().is_method_not_found());

    let client = Fake::new(MODERN, |_| Reaction::Silence).connect().await;
    assert!(client.listen(all()).await.unwrap_err().is_timeout());

    let client = Fake::new(MODERN, |_| Reaction::Result(json!({ "_meta": {} }))).connect().await;
    assert!(matches!(client.listen(all()).await.unwrap_err(), ClientError::Protocol(_)));

    let fake = Fake::new(MODERN, |call| {
        acknowledge(&call);
        later(async move {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            call.notify("notifications/tools/list_changed", tag(&call, json!({})));
            Reaction::Close
        })
    });
    let client = fake.connect_with(Client::builder().reconnect(false)).await.unwrap();
    let mut changes = client.listen(all()).await.unwrap();
    assert_eq!(changes.next().await.unwrap(), Some(Change::Tools), "no timeout of requests applies");
    assert!(changes.next().await.unwrap_err().is_closed());
    assert_eq!(changes.next().await.unwrap(), None);
}

#[tokio::test]
async fn closing_the_client_ends_its_subscriptions() {
    for revision in [MODERN, LEGACY] {
        let fake = Fake::new(revision, |call| {
            if call.method == "resources/subscribe" {
                return Reaction::Result(json!({}));
            }
            acknowledge(&call);
            Reaction::Silence
        });
        let client = fake.connect().await;
        let mut changes = client.listen(all()).await.unwrap();
        let waiting = tokio::spawn(async move { changes.next().await });
        settle_down().await;
        client.close().await;
        assert!(waiting.await.unwrap().unwrap_err().is_closed());
    }
}

#[tokio::test]
async fn in_a_session_the_same_stream_is_made_of_what_sessions_have() {
    let fake = Fake::new(LEGACY, |_| Reaction::Result(json!({})));
    let client = fake.connect().await;
    let mut one = client.listen(all()).await.unwrap();
    let mut two =
        client.listen(SubscriptionFilter::new().resource_subscriptions(["a://b", "a://c"])).await.unwrap();
    let subscribed = |method: &str| -> Vec<_> {
        fake.sent_as(method).iter().map(|message| message["params"]["uri"].clone()).collect()
    };
    assert_eq!(subscribed("resources/subscribe"), ["a://b", "a://c"], "each resource once");

    fake.notify("notifications/tools/list_changed", json!({}));
    fake.notify("notifications/resources/updated", json!({ "uri": "a://b" }));
    assert_eq!(one.next().await.unwrap(), Some(Change::Tools));
    assert_eq!(one.next().await.unwrap(), Some(Change::Resource("a://b".to_owned())));
    assert_eq!(
        two.next().await.unwrap(),
        Some(Change::Resource("a://b".to_owned())),
        "no list was asked for"
    );

    drop(one);
    settle_down().await;
    assert!(subscribed("resources/unsubscribe").is_empty(), "someone still watches");
    drop(two);
    settle_down().await;
    assert_eq!(subscribed("resources/unsubscribe"), ["a://b", "a://c"]);
}

#[tokio::test]
async fn a_session_acknowledges_what_its_capabilities_promise() {
    let fake = Fake::new(LEGACY, |_| unknown())
        .capabilities(json!({ "tools": { "listChanged": true }, "resources": {} }));
    let client = fake.connect().await;
    let changes = client.listen(all()).await.unwrap();
    assert_eq!(changes.acknowledged(), &SubscriptionFilter::new().tools_list_changed(true));
    assert!(fake.sent_as("resources/subscribe").is_empty());
}

#[tokio::test]
async fn a_session_that_refuses_a_resource_leaves_nothing_behind() {
    let fake = Fake::new(LEGACY, |call| match call.params["uri"].as_str() {
        Some("a://bad") => Reaction::Error(-32002, "no such resource", json!({ "uri": "a://bad" })),
        _ => Reaction::Result(json!({})),
    });
    let client = fake.connect().await;
    let filter = SubscriptionFilter::new().resource_subscriptions(["a://b", "a://bad"]);
    assert!(client.listen(filter).await.unwrap_err().is_not_found());
    settle_down().await;
    assert_eq!(fake.sent_as("resources/unsubscribe").len(), 1);
    assert_eq!(fake.sent_as("resources/unsubscribe")[0]["params"]["uri"], "a://b");
}

#[tokio::test]
async fn a_lost_session_ends_the_stream_with_an_error() {
    let fake = Fake::new(LEGACY, |_| Reaction::Result(json!({})));
    let client = fake.connect_with(Client::builder().reconnect(false)).await.unwrap();
    let mut changes = client.listen(all()).await.unwrap();
    fake.close();
    assert!(changes.next().await.unwrap_err().is_closed());
}

#[tokio::test]
async fn a_stream_that_nobody_reads_is_bounded_and_says_that_it_missed_something() {
    let fake = Fake::new(LEGACY, |_| Reaction::Result(json!({})));
    let client = fake.connect().await;
    let mut changes =
        client.listen(SubscriptionFilter::new().resource_subscriptions(["a://"])).await.unwrap();
    for n in 0..2000 {
        fake.notify("notifications/resources/updated", json!({ "uri": format!("a://{n}") }));
    }
    assert_eq!(changes.next().await.unwrap(), Some(Change::Missed));
}

#[tokio::test(start_paused = true)]
async fn a_lost_subscription_goes_on_where_there_is_a_server_again() {
    for revision in [MODERN, LEGACY] {
        let fake = Fake::new(revision, |call| {
            if call.method == "resources/subscribe" {
                return Reaction::Result(json!({}));
            }
            acknowledge(&call);
            later(async move {
                settle_down().await;
                call.notify("notifications/tools/list_changed", tag(&call, json!({})));
                Reaction::Silence
            })
        });
        let client = fake.connect().await;
        let mut changes = client.listen(all()).await.unwrap();
        if revision == LEGACY {
            fake.notify("notifications/tools/list_changed", json!({}));
        }
        assert_eq!(changes.next().await.unwrap(), Some(Change::Tools));
        fake.set_down(true);
        fake.close();
        assert_eq!(changes.next().await.unwrap(), Some(Change::Lost));
        assert!(tokio::time::timeout(Duration::from_secs(3), changes.next()).await.is_err(), "it is down");
        fake.set_down(false);
        assert_eq!(changes.next().await.unwrap(), Some(Change::Resumed));
        if revision == LEGACY {
            fake.notify("notifications/tools/list_changed", json!({}));
            assert_eq!(
                fake.sent_as("resources/subscribe").len(),
                2,
                "the new session knows nothing of the old"
            );
        }
        assert_eq!(changes.next().await.unwrap(), Some(Change::Tools));
        assert_eq!(fake.connections(), 2);
        drop(changes);
        settle_down().await;
        assert_eq!(fake.sent_as("resources/unsubscribe").len(), usize::from(revision == LEGACY));
    }
}

#[tokio::test(start_paused = true)]
async fn a_subscription_whose_server_stays_away_fails_in_the_end() {
    let fake = Fake::new(MODERN, |call| {
        acknowledge(&call);
        Reaction::Silence
    });
    let client = fake.connect().await;
    let mut changes = client.listen(all()).await.unwrap();
    fake.set_down(true);
    fake.close();
    assert_eq!(changes.next().await.unwrap(), Some(Change::Lost));
    assert!(matches!(changes.next().await.unwrap_err(), ClientError::Lost(_)));
    assert_eq!(changes.next().await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_ends_each_subscription_at_once_is_not_asked_without_a_pause() {
    let fake = Fake::watchful(MODERN, |call| {
        acknowledge(&call);
        later(async {
            settle_down().await;
            Reaction::Fail(toolwright_core::joint::LinkError::Io(std::io::Error::other("reset")))
        })
    });
    let client = fake.connect().await;
    let mut changes = client.listen(all()).await.unwrap();
    let start = tokio::time::Instant::now();
    for _ in 0..8 {
        assert_eq!(changes.next().await.unwrap(), Some(Change::Lost));
        assert_eq!(changes.next().await.unwrap(), Some(Change::Resumed));
    }
    assert!(start.elapsed() > Duration::from_secs(20), "{:?}", start.elapsed());
    assert_eq!(fake.connections(), 1, "only the one request broke");
}
