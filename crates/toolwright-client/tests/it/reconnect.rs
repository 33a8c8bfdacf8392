use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde_json::json;
use toolwright_client::{Client, ClientError};
use toolwright_core::{
    joint::LinkError,
    model::{ElicitResult, LoggingLevel},
};

use crate::fake::{Call, Fake, LEGACY, MODERN, Reaction, later, settle_down, text};

/// Answers each call, except for the `n`-th, counted from 0.
fn except(
    n: usize,
    odd: impl Fn() -> Reaction + Send + Sync + 'static,
) -> impl Fn(Call) -> Reaction + Send + Sync {
    let calls = AtomicUsize::new(0);
    move |call| match call.method.as_str() {
        "tools/call" if calls.fetch_add(1, Ordering::SeqCst) == n => odd(),
        "tools/call" => text("ok"),
        _ => Reaction::Result(json!({})),
    }
}

#[tokio::test]
async fn a_session_that_the_server_forgot_is_opened_anew_and_the_request_repeated() {
    let fake = Fake::new(LEGACY, except(1, || Reaction::Fail(LinkError::SessionGone)));
    let client = fake.connect_with(Client::builder().log_level(LoggingLevel::Error)).await.unwrap();
    client.call("x", json!({ "n": 1 })).await.unwrap();
    let answer = client.call("x", json!({ "n": 2 })).on_progress(|_| ()).await.unwrap();
    assert_eq!(answer.text(), "ok");
    assert_eq!(fake.connections(), 2);
    let calls = fake.sent_as("tools/call");
    assert_eq!(calls.len(), 3);
    assert_eq!(calls[1]["params"]["arguments"], calls[2]["params"]["arguments"]);
    assert_ne!(calls[1]["id"], calls[2]["id"]);
    assert_eq!(calls[2]["params"]["_meta"]["progressToken"], calls[2]["id"]);
    assert_eq!(fake.sent_as("logging/setLevel").len(), 2, "the new session has the level of the old one");
}

#[tokio::test]
async fn a_session_that_is_forgotten_again_at_once_is_an_error() {
    let fake = Fake::new(LEGACY, |_| Reaction::Fail(LinkError::SessionGone));
    let client = fake.connect().await;
    let error = client.call("x", ()).await.unwrap_err();
    assert!(matches!(error, ClientError::Link(LinkError::SessionGone)), "{error}");
    assert_eq!(fake.sent_as("tools/call").len(), 2);
}

#[tokio::test]
async fn a_request_under_way_fails_with_its_connection_and_the_next_one_has_a_new_connection() {
    for revision in [MODERN, LEGACY] {
        let fake = Fake::new(revision, except(0, || Reaction::Silence));
        let client = fake.connect().await;
        let waiting = tokio::spawn(client.call("x", ()).into_future());
        settle_down().await;
        fake.close();
        assert!(waiting.await.unwrap().unwrap_err().is_closed(), "whether it ran nobody knows");
        assert_eq!(fake.sent_as("tools/call").len(), 1);
        assert_eq!(client.call("x", ()).await.unwrap().text(), "ok");
        assert_eq!(fake.connections(), 2);
    }
}

#[tokio::test]
async fn a_connection_that_breaks_while_nobody_waits_fails_nobody() {
    let fake = Fake::new(MODERN, except(99, || Reaction::Silence));
    let client = fake.connect().await;
    fake.close();
    settle_down().await;
    assert_eq!(client.call("x", ()).await.unwrap().text(), "ok");
    fake.close();
    settle_down().await;
    client.notify("notifications/example", &()).await.unwrap();
    assert_eq!(fake.connections(), 3);
}

#[tokio::test]
async fn all_who_need_the_new_connection_share_it() {
    let fake = Fake::new(LEGACY, except(99, || Reaction::Silence));
    let client = fake.connect().await;
    fake.close();
    settle_down().await;
    let calls: Vec<_> = (0..16).map(|_| tokio::spawn(client.call("x", ()).into_future())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(fake.connections(), 2);
    assert_eq!(fake.sent_as("initialize").len(), 2);
}

#[tokio::test(start_paused = true)]
async fn whoever_gives_up_waiting_leaves_the_new_connection_to_the_others() {
    let slow = Arc::new(AtomicUsize::new(0));
    let count = slow.clone();
    let fake = Fake::new(LEGACY, move |call| match call.method.as_str() {
        "server/discover" if count.fetch_add(1, Ordering::SeqCst) > 0 => later(async {
            tokio::time::sleep(Duration::from_secs(3)).await;
            crate::fake::unknown()
        }),
        "server/discover" => crate::fake::unknown(),
        _ => text("ok"),
    })
    .scripted_discovery();
    let client = fake.connect().await;
    fake.close();
    settle_down().await;
    let hasty = tokio::time::timeout(Duration::from_secs(1), client.call("x", ()).into_future());
    assert!(hasty.await.is_err());
    client.call("x", ()).await.unwrap();
    assert_eq!(slow.load(Ordering::SeqCst), 2, "the first attempt was not begun anew");
}

#[tokio::test(start_paused = true)]
async fn a_server_that_stays_away_is_an_error_until_it_is_back() {
    let fake = Fake::new(MODERN, except(99, || Reaction::Silence));
    let client = fake.connect().await;
    fake.set_down(true);
    fake.close();
    settle_down().await;
    let error = client.call("x", ()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the connection was lost, and cannot be opened again: cannot connect to the fake: it is down"
    );
    assert!(error.is_closed());
    fake.set_down(false);
    client.call("x", ()).await.unwrap();
}

#[tokio::test]
async fn a_client_that_does_not_reconnect_fails_from_then_on() {
    let fake = Fake::new(LEGACY, except(0, || Reaction::Fail(LinkError::SessionGone)));
    let client = fake.connect_with(Client::builder().reconnect(false)).await.unwrap();
    let error = client.call("x", ()).await.unwrap_err();
    assert!(matches!(error, ClientError::Link(LinkError::SessionGone)), "{error}");
    assert!(matches!(client.call("x", ()).await, Err(ClientError::Closed)));
    assert_eq!(fake.connections(), 1);
}

#[tokio::test]
async fn a_dead_process_is_replaced() {
    let fake = Fake::watchful(
        MODERN,
        except(0, || Reaction::Fail(LinkError::Died { status: Some(1), stderr: String::new() })),
    );
    let client = fake.connect().await;
    let error = client.call("x", ()).await.unwrap_err();
    assert_eq!(error.to_string(), "the server process ended with status 1");
    assert_eq!(client.call("x", ()).await.unwrap().text(), "ok");
    assert_eq!(fake.connections(), 2);
}

#[tokio::test]
async fn a_server_that_speaks_another_revision_when_it_is_back_is_understood() {
    let fake = Fake::new(LEGACY, except(1, || Reaction::Fail(LinkError::SessionGone)));
    let client = fake.connect().await;
    client.call("x", ()).await.unwrap();
    fake.speak(MODERN);
    client.call("x", ()).await.unwrap();
    assert_eq!(client.revision(), MODERN);
    assert!(
        fake.sent().last().unwrap()["params"]["_meta"].is_object(),
        "the request has what is demanded now"
    );
}

#[tokio::test]
async fn a_stateless_server_that_became_an_older_one_is_found_out() {
    let fake = Fake::new(MODERN, except(1, || Reaction::Status(400, Some("no session".to_owned()))));
    let client = fake.connect().await;
    client.call("x", ()).await.unwrap();
    fake.speak(LEGACY);
    assert_eq!(client.call("x", ()).await.unwrap().text(), "ok");
    assert_eq!(client.revision(), LEGACY);
}

#[tokio::test]
async fn a_refusal_of_a_server_that_is_what_it_was_stays_an_error() {
    let fake = Fake::new(MODERN, |_| Reaction::Status(404, None));
    let client = fake.connect().await;
    for _ in 0..3 {
        assert!(matches!(client.call("x", ()).await, Err(ClientError::Refused { status }) if status == 404));
    }
    assert_eq!(fake.connections(), 2, "one doubt is enough");
    assert_eq!(fake.sent_as("tools/call").len(), 3);
}

#[tokio::test]
async fn a_round_goes_on_over_a_new_connection() {
    let fake = Fake::new(MODERN, |call| match call.params["requestState"].as_str() {
        Some("s") => text("done"),
        _ => {
            Reaction::Result(json!({ "resultType": "input_required", "requestState": "s", "inputRequests": {
            "q": { "method": "elicitation/create", "params": {
                "message": "?", "requestedSchema": { "type": "object", "properties": {} },
            } },
        } }))
        }
    });
    let server = fake.clone();
    let builder = Client::builder().on_elicit(move |_| {
        server.close();
        async {
            settle_down().await;
            ElicitResult::decline()
        }
    });
    let client = fake.connect_with(builder).await.unwrap();
    assert_eq!(client.call("x", ()).await.unwrap().text(), "done");
    assert_eq!(fake.connections(), 2);
}

#[tokio::test]
async fn closing_the_client_ends_an_attempt_to_reconnect() {
    let fake = Fake::new(LEGACY, |call| match call.method.as_str() {
        "server/discover" => Reaction::Silence,
        _ => text("ok"),
    })
    .scripted_discovery();
    let builder = Client::builder().probe_timeout(Duration::from_millis(1));
    let client = fake.connect_with(builder).await.unwrap();
    fake.close();
    settle_down().await;
    let waiting = tokio::spawn(client.call("x", ()).into_future());
    settle_down().await;
    client.close().await;
    assert!(waiting.await.unwrap().unwrap_err().is_closed());
}

mod memory {
    //! What earlier connections found out about a server.
    use super::*;

    async fn connect(fake: &Fake) -> Client {
        fake.connect_with(Client::builder()).await.unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn an_older_server_is_not_asked_again_for_a_while() {
        let fake = Fake::new(LEGACY, |_| text("ok")).identity("memory://older");
        for _ in 0..3 {
            connect(&fake).await;
        }
        assert_eq!(fake.sent_as("server/discover").len(), 1);
        tokio::time::advance(Duration::from_secs(600)).await;
        connect(&fake).await;
        assert_eq!(fake.sent_as("server/discover").len(), 2);
    }

    #[tokio::test]
    async fn a_server_that_was_updated_is_found_out() {
        let fake = Fake::new(LEGACY, |_| crate::fake::unknown()).identity("memory://updated");
        assert_eq!(connect(&fake).await.revision(), LEGACY);
        fake.speak(MODERN);
        assert_eq!(connect(&fake).await.revision(), MODERN);
        fake.speak(LEGACY);
        assert_eq!(connect(&fake).await.revision(), LEGACY);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stateless_server_that_starts_slowly_is_waited_for_once_it_is_known() {
        let slow = Arc::new(AtomicUsize::new(0));
        let seconds = slow.clone();
        let fake = Fake::new(LEGACY, move |call| match call.method.as_str() {
            "server/discover" => {
                let wait = Duration::from_secs(seconds.load(Ordering::SeqCst) as u64);
                later(async move {
                    tokio::time::sleep(wait).await;
                    Reaction::Result(json!({
                        "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": {},
                    }))
                })
            }
            _ => text("ok"),
        })
        .scripted_discovery()
        .identity("memory://slow");
        assert_eq!(connect(&fake).await.revision(), MODERN);
        slow.store(20, Ordering::SeqCst);
        assert_eq!(connect(&fake).await.revision(), MODERN);
        assert!(fake.sent_as("initialize").is_empty());
    }

    #[tokio::test]
    async fn it_can_be_switched_off() {
        let fake = Fake::new(LEGACY, |_| text("ok")).identity("memory://off");
        connect(&fake).await;
        fake.connect_with(Client::builder().remember_era(false)).await.unwrap();
        assert_eq!(fake.sent_as("server/discover").len(), 2);
    }
}
