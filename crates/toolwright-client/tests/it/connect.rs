use std::time::Duration;

use serde_json::{Value, json};
use toolwright_client::{Client, ClientError, EraChoice};
use toolwright_core::{
    era::Revision,
    model::{ElicitResult, Implementation, Root},
};

use crate::fake::{Fake, LEGACY, MODERN, Reaction, unknown};

#[tokio::test]
async fn a_stateless_server_is_recognised_by_discovery_alone() {
    let fake = Fake::new(MODERN, |_| unknown());
    let client = fake.connect().await;
    assert_eq!(client.revision(), MODERN);
    assert_eq!(client.server_info().as_deref(), Some(&Implementation::new("fake", "1")));
    assert_eq!(client.instructions().as_deref(), Some("Be kind."));
    assert!(client.capabilities().tools.is_some());
    let sent = fake.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent[0]["method"], "server/discover");
    assert_eq!(
        sent[0]["params"]["_meta"],
        json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": { "name": "toolwright-client", "version": env!("CARGO_PKG_VERSION") },
        })
    );
}

#[tokio::test]
async fn an_older_server_is_reached_by_the_handshake() {
    for revision in Revision::ALL.into_iter().filter(|revision| *revision != MODERN) {
        let fake = Fake::new(revision, |_| unknown());
        let client = fake.connect().await;
        assert_eq!(client.revision(), revision);
        assert_eq!(client.server_info().as_deref(), Some(&Implementation::new("fake", "1")));
        let methods: Vec<_> = fake.sent().iter().map(|message| message["method"].clone()).collect();
        assert_eq!(methods, ["server/discover", "initialize", "notifications/initialized"]);
        assert_eq!(fake.sent()[1]["params"]["protocolVersion"], "2025-11-25");
        assert_eq!(fake.sent()[1]["params"].get("_meta"), None);
    }
}

#[tokio::test]
async fn a_pinned_era_asks_for_nothing_else() {
    let fake = Fake::new(Revision::V2025_06_18, |_| unknown());
    let client = fake.connect_with(Client::builder().era(Revision::V2025_06_18)).await.unwrap();
    assert_eq!(client.revision(), Revision::V2025_06_18);
    assert_eq!(fake.sent()[0]["method"], "initialize");
    assert_eq!(fake.sent()[0]["params"]["protocolVersion"], "2025-06-18");

    let error = fake.connect_with(Client::builder().era(Revision::V2025_03_26)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "no common protocol revision: this client accepts 2025-03-26, the server has 2025-06-18"
    );

    let error = fake.connect_with(Client::builder().era(EraChoice::Modern)).await.unwrap_err();
    assert!(matches!(error, ClientError::Revision { .. }), "{error}");

    let fake = Fake::new(MODERN, |_| {
        Reaction::Error(-32022, "no", json!({ "supported": ["2026-07-28"], "requested": "2025-11-25" }))
    });
    let error = fake.connect_with(Client::builder().era(EraChoice::Legacy)).await.unwrap_err();
    assert!(matches!(error, ClientError::Rpc(error) if error.code == -32022));
}

#[tokio::test(start_paused = true)]
async fn a_server_that_is_silent_before_the_handshake_is_an_older_one() {
    let fake = Fake::new(LEGACY, |_| Reaction::Silence).scripted_discovery();
    let start = tokio::time::Instant::now();
    let client = fake.connect_with(Client::builder().probe_timeout(Duration::from_secs(2))).await.unwrap();
    assert_eq!(client.revision(), LEGACY);
    assert_eq!(start.elapsed().as_secs(), 2);
    assert_eq!(fake.connections(), 1);
}

#[tokio::test(start_paused = true)]
async fn silence_is_no_verdict_where_every_message_has_its_own_connection() {
    let fake = Fake::watchful(LEGACY, |_| Reaction::Silence).scripted_discovery();
    let error = fake.connect_with(Client::builder()).await.unwrap_err();
    assert_eq!(error.to_string(), "no answer to `server/discover` within 60s");
}

#[tokio::test]
async fn a_server_that_dies_of_the_probe_is_started_again() {
    let fake = Fake::new(LEGACY, |_| Reaction::Close).scripted_discovery();
    let client = fake.connect().await;
    assert_eq!(client.revision(), LEGACY);
    assert_eq!(fake.connections(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_handshake_that_gets_no_answer_times_out_and_is_not_cancelled() {
    let fake = Fake::new(MODERN, |_| Reaction::Silence);
    let builder = Client::builder().era(EraChoice::Legacy).timeout(Duration::from_secs(3));
    let error = fake.connect_with(builder).await.unwrap_err();
    assert_eq!(error.to_string(), "no answer to `initialize` within 3s");
    assert!(fake.sent_as("notifications/cancelled").is_empty());
}

#[tokio::test]
async fn a_server_that_contradicts_itself_about_versions_is_not_taken_for_an_older_one() {
    let fake = Fake::new(LEGACY, |call| match call.method.as_str() {
        "server/discover" => {
            Reaction::Error(-32022, "no", json!({ "supported": ["2026-07-28"], "requested": "2026-07-28" }))
        }
        _ => unknown(),
    })
    .scripted_discovery();
    let error = fake.connect_with(Client::builder()).await.unwrap_err();
    assert!(matches!(error, ClientError::Protocol(_)), "{error}");
    assert_eq!(fake.sent_as("server/discover").len(), 2, "one corrected attempt is due");
    assert_eq!(fake.sent().len(), 2, "the handshake of an older revision would be wrong here");
}

#[tokio::test]
async fn a_version_that_is_refused_at_first_but_named_as_supported_is_tried_again() {
    let first = std::sync::atomic::AtomicBool::new(true);
    let fake = Fake::new(LEGACY, move |_| {
        if first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            let data = json!({ "supported": ["2026-07-28"], "requested": "2026-07-28" });
            return Reaction::Error(-32022, "not yet", data);
        }
        Reaction::Result(json!({
            "resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": {},
            "ttlMs": 0, "cacheScope": "public",
        }))
    })
    .scripted_discovery();
    assert_eq!(fake.connect().await.revision(), MODERN);
    let ids: Vec<_> = fake.sent().iter().map(|message| message["id"].clone()).collect();
    assert_eq!(ids, [1, 2]);
}

#[tokio::test]
async fn what_is_installed_is_declared() {
    let builder = || {
        Client::builder()
            .on_elicit(|_| async { ElicitResult::decline() })
            .on_elicit_url(|_| async { ElicitResult::decline() })
            .on_sample(|_| async { Err(toolwright_client::Refusal::new("no")) })
            .sampling_tools()
            .roots([Root::new("file:///tmp")])
            .extension("com.example/x", serde_json::Map::from_iter([("level".to_owned(), json!(2))]))
            .info(Implementation::new("tester", "9"))
    };
    let declared = |roots: Value| {
        json!({
            "roots": roots, "sampling": { "tools": {} }, "elicitation": { "form": {}, "url": {} },
            "extensions": { "com.example/x": { "level": 2 } },
        })
    };
    let modern = Fake::new(MODERN, |_| unknown());
    modern.connect_with(builder()).await.unwrap();
    let meta = &modern.sent()[0]["params"]["_meta"];
    assert_eq!(meta["io.modelcontextprotocol/clientCapabilities"], declared(json!({})));
    assert_eq!(meta["io.modelcontextprotocol/clientInfo"]["name"], "tester");

    let legacy = Fake::new(LEGACY, |_| unknown());
    legacy.connect_with(builder().era(LEGACY)).await.unwrap();
    let params = &legacy.sent()[0]["params"];
    assert_eq!(params["capabilities"], declared(json!({ "listChanged": true })));
    assert_eq!(params["clientInfo"], json!({ "name": "tester", "version": "9" }));
}

#[tokio::test]
async fn the_last_clone_closes_the_connection() {
    let fake = Fake::new(MODERN, |_| unknown());
    let client = fake.connect().await;
    let clone = client.clone();
    drop(client);
    crate::fake::settle_down().await;
    assert!(!fake.is_closed());
    drop(clone);
    crate::fake::settle_down().await;
    assert!(fake.is_closed());
}
