use serde_json::json;

use crate::fake::{Fake, LEGACY, MODERN, Reaction, settle_down, text};

async fn dropped_call(fake: &Fake) {
    let client = fake.connect().await;
    let call = tokio::spawn(client.call("x", ()).into_future());
    settle_down().await;
    call.abort();
    settle_down().await;
    assert_eq!(fake.dropped(), 1);
    drop(client);
}

#[tokio::test]
async fn a_dropped_call_is_cancelled_at_the_server() {
    for revision in [MODERN, LEGACY] {
        let fake = Fake::new(revision, |_| Reaction::Silence);
        dropped_call(&fake).await;
        let cancelled = fake.sent_as("notifications/cancelled");
        assert_eq!(cancelled.len(), 1);
        assert_eq!(cancelled[0]["params"]["requestId"], fake.sent_as("tools/call")[0]["id"]);
        assert_eq!(cancelled[0].get("id"), None);
    }
}

#[tokio::test]
async fn a_connection_that_notices_by_itself_needs_no_word_in_the_stateless_revision() {
    let fake = Fake::watchful(MODERN, |_| Reaction::Silence);
    dropped_call(&fake).await;
    assert!(fake.sent_as("notifications/cancelled").is_empty());

    let fake = Fake::watchful(LEGACY, |_| Reaction::Silence);
    dropped_call(&fake).await;
    assert_eq!(fake.sent_as("notifications/cancelled").len(), 1, "there a disconnect is no cancellation");
}

#[tokio::test]
async fn a_call_that_was_answered_or_never_sent_is_not_cancelled() {
    let fake = Fake::new(MODERN, |_| text("ok"));
    let client = fake.connect().await;
    client.call("x", ()).await.unwrap();
    drop(client.call("x", json!({})));
    settle_down().await;
    assert_eq!(fake.sent_as("tools/call").len(), 1);
    assert!(fake.sent_as("notifications/cancelled").is_empty());
}
