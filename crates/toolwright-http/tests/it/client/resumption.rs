//! Streams that end before the answer, and go on.
use std::time::Duration;

use tokio::time::Instant;
use toolwright_core::{era::Revision, joint::LinkError};

use super::script::{Answer, RESULT, Script, Step, call, event};

const PRIMER: &str = "retry: 500\nid: s-1\ndata:\n\n";
const NOTE: &str = r#"{"jsonrpc":"2.0","method":"notifications/message","params":{}}"#;

async fn exchange(script: &Script) -> Result<String, LinkError> {
    let (link, _inbox) = script.connect().await;
    let incoming = link.exchange(call("tools/call")).await?;
    Ok(String::from_utf8(incoming.body.unwrap().into()).unwrap())
}

#[tokio::test(start_paused = true)]
async fn a_stream_goes_on_after_as_long_as_the_server_asked_for() {
    for first in [Answer::events(PRIMER), Answer::events(PRIMER).then(Step::Break)] {
        let script = Script::new([first, Answer::events(event(RESULT))]);
        let start = Instant::now();
        assert_eq!(exchange(&script).await.unwrap(), RESULT);
        assert_eq!(start.elapsed(), Duration::from_millis(500));
        let seen = script.seen();
        assert_eq!(seen[1].method, "GET");
        assert_eq!(seen[1].header("last-event-id"), Some("s-1"));
    }
}

#[tokio::test(start_paused = true)]
async fn each_connection_goes_on_where_the_last_one_ended() {
    let script = Script::new([
        Answer::events(PRIMER),
        Answer::events(format!("id: s-2\n{}", event(NOTE))).then(Step::Break),
        Answer::status(503),
        Answer::events(format!("id: s-3\n{}", event(RESULT))),
    ]);
    let (link, mut inbox) = script.connect().await;
    assert_eq!(link.exchange(call("tools/call")).await.unwrap().body.unwrap(), RESULT);
    assert_eq!(inbox.next().await, NOTE);
    let after: Vec<_> =
        script.seen().iter().map(|seen| seen.header("last-event-id").map(str::to_owned)).collect();
    assert_eq!(after, [None, Some("s-1".into()), Some("s-2".into()), Some("s-2".into())]);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_never_brings_the_answer_is_given_up() {
    let script = Script::new([Answer::events(PRIMER)].into_iter().chain((0..50).map(|_| Answer::events(""))));
    assert!(matches!(exchange(&script).await, Err(LinkError::Closed)));
    assert_eq!(script.seen().len(), 1 + 5);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_does_not_resume_has_lost_the_request() {
    let script = Script::new([Answer::events(PRIMER), Answer::status(405)]);
    assert!(matches!(exchange(&script).await, Err(LinkError::Closed)));
    assert_eq!(script.seen().len(), 2);
}

#[tokio::test]
async fn nothing_is_resumed_without_ids_or_without_a_session_era() {
    let script = Script::new([Answer::events(event(NOTE))]);
    assert!(matches!(exchange(&script).await, Err(LinkError::Closed)));
    assert_eq!(script.seen().len(), 1);

    let script = Script::new([Answer::events(PRIMER)]);
    let (link, _inbox) = script.connect().await;
    link.settled(Revision::V2026_07_28);
    assert!(matches!(link.exchange(call("tools/call")).await, Err(LinkError::Closed)));
    assert_eq!(script.seen().len(), 1);
}
