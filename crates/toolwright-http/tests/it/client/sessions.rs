//! What a session adds: its id, its stream, its end.
use std::time::Duration;

use tokio::time::Instant;
use toolwright_core::{era::Revision, joint::LinkError};

use super::script::{Answer, Script, Step, call, event, notice};

const NOTE: &str = r#"{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}"#;

fn opened() -> Answer {
    Answer::done().header("mcp-session-id", "abc-1")
}

#[tokio::test]
async fn the_session_goes_along_with_everything_after_the_handshake() {
    let script = Script::new([opened(), Answer::status(202), Answer::status(405), Answer::status(200)]);
    let (link, _inbox) = script.connect().await;
    assert!(!link.announces_cancel());
    link.exchange(call("initialize")).await.unwrap();
    link.exchange(notice()).await.unwrap();
    link.settled(Revision::V2025_11_25);
    assert!(link.announces_cancel());
    script.requests(3).await;
    link.close().await;
    let seen = script.seen();
    let methods: Vec<_> = seen.iter().map(|seen| seen.method.as_str()).collect();
    assert_eq!(methods, ["POST", "POST", "GET", "DELETE"]);
    let sessions: Vec<_> = seen.iter().map(|seen| seen.header("mcp-session-id")).collect();
    assert_eq!(sessions, [None, Some("abc-1"), Some("abc-1"), Some("abc-1")]);
    assert_eq!(seen[2].header("accept"), Some("text/event-stream"));
    assert_eq!(seen[3].header("mcp-protocol-version"), Some("2025-11-25"));
    assert!(matches!(link.exchange(call("ping")).await, Err(LinkError::Closed)));
}

#[tokio::test]
async fn a_session_id_that_no_header_may_have_is_refused() {
    let script = Script::new([Answer::done().header("mcp-session-id", "a b")]);
    let (link, _inbox) = script.connect().await;
    assert!(matches!(link.exchange(call("initialize")).await, Err(LinkError::Malformed(_))));
}

#[tokio::test]
async fn only_a_session_can_be_gone() {
    let script = Script::new([Answer::status(404), opened(), Answer::status(404)]);
    let (link, _inbox) = script.connect().await;
    let refused = link.exchange(call("tools/call")).await.unwrap();
    assert_eq!(refused.status.unwrap(), 404);
    link.exchange(call("initialize")).await.unwrap();
    assert!(matches!(link.exchange(call("tools/call")).await, Err(LinkError::SessionGone)));
    link.close().await;
    assert_eq!(script.seen().len(), 3, "what is gone is not ended");
}

#[tokio::test]
async fn without_a_session_nothing_is_listened_to_and_nothing_ended() {
    let script = Script::new([Answer::done()]);
    let (link, _inbox) = script.connect().await;
    link.exchange(call("server/discover")).await.unwrap();
    link.settled(Revision::V2026_07_28);
    assert!(!link.announces_cancel());
    link.close().await;
    tokio::task::yield_now().await;
    assert_eq!(script.seen().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn the_stream_of_the_session_is_resumed_when_the_server_wants_it() {
    let script = Script::new([
        opened(),
        Answer::events(format!("retry: 3000\nid: 7\n{}", event(NOTE))),
        Answer::events(event(NOTE)).then(Step::Break),
        Answer::events("").then(Step::Hang),
    ]);
    let (link, mut inbox) = script.connect().await;
    link.exchange(call("initialize")).await.unwrap();
    let start = Instant::now();
    link.settled(Revision::V2025_06_18);
    assert_eq!([inbox.next().await, inbox.next().await], [NOTE, NOTE]);
    assert_eq!(start.elapsed(), Duration::from_secs(3));
    let seen = script.requests(4).await;
    assert_eq!(start.elapsed(), Duration::from_secs(6));
    let after: Vec<_> = seen.iter().map(|seen| seen.header("last-event-id")).collect();
    assert_eq!(after, [None, None, Some("7"), Some("7")]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_brings_nothing_is_given_up() {
    let script = Script::new([opened()].into_iter().chain((0..50).map(|_| Answer::events(""))));
    let (link, _inbox) = script.connect().await;
    link.exchange(call("initialize")).await.unwrap();
    link.settled(Revision::V2025_06_18);
    tokio::time::sleep(Duration::from_secs(3600)).await;
    assert_eq!(script.seen().len(), 1 + 6);
}

#[tokio::test]
async fn a_connection_that_is_dropped_ends_its_session() {
    let script = Script::new([opened(), Answer::status(200)]);
    let (link, _inbox) = script.connect().await;
    link.exchange(call("initialize")).await.unwrap();
    drop(link);
    assert_eq!(script.requests(2).await[1].method, "DELETE");
}
