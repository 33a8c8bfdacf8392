use serde_json::json;
use toolwright_core::joint::LinkError;
use toolwright_stdio::{Child, Stderr};

use super::fixture::{Watch, ask, child, connect, gone, request};

fn died(error: LinkError) -> (Option<i32>, String) {
    match error {
        LinkError::Died { status, stderr } => (status, stderr),
        other => panic!("{other}"),
    }
}

#[tokio::test]
async fn everybody_who_waits_learns_of_the_death_and_its_reason() {
    let (link, _inlet) = connect(&child("")).await;
    let waiting: Vec<_> =
        (0..200).map(|id| tokio::spawn(link.exchange(request(id, "silence", json!({}))))).collect();
    let error = link.exchange(request(1000, "die", json!({ "of": "grief" }))).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the server process ended with status 7; its last words on stderr:\nI die of \"grief\""
    );
    for waiting in waiting {
        assert_eq!(died(waiting.await.unwrap().unwrap_err()), (Some(7), "I die of \"grief\"".to_owned()));
    }
    link.closed().await;
    let late = link.exchange(request(1001, "echo", json!({}))).await.unwrap_err();
    assert_eq!(died(late).0, Some(7));
    link.close().await;
}

#[tokio::test]
async fn a_death_is_mourned_in_good_order() {
    // No process is left to watch a panic, so another one does.
    let (link, _inlet) = connect(&child("mourner")).await;
    link.closed().await;
    assert_eq!(died(link.exchange(request(1, "echo", json!({}))).await.unwrap_err()).0, Some(0));
}

#[tokio::test]
async fn writing_to_the_dead_says_that_they_are() {
    let (link, _inlet) = connect(&Child::new("sh").args(["-c", "exit 5"])).await;
    let large = json!({ "text": "x".repeat(1024 * 1024) });
    assert_eq!(died(link.exchange(request(1, "echo", large)).await.unwrap_err()).0, Some(5));
}

#[tokio::test]
async fn a_signal_leaves_no_status() {
    let (link, _inlet) = connect(&Child::new("sh").args(["-c", "read line; kill -9 $$"])).await;
    assert_eq!(died(link.exchange(request(1, "echo", json!({}))).await.unwrap_err()), (None, String::new()));
}

#[tokio::test]
async fn half_a_message_is_no_answer() {
    let (link, _inlet) = connect(&child("")).await;
    assert_eq!(died(link.exchange(request(1, "half", json!({}))).await.unwrap_err()).0, Some(4));
}

#[tokio::test]
async fn the_last_answer_is_read_before_the_death_is_told() {
    let script = r#"read line; echo '{"jsonrpc":"2.0","id":1,"result":"last"}'"#;
    let (link, _inlet) = connect(&Child::new("sh").args(["-c", script])).await;
    assert_eq!(ask(&link, "echo", json!({})).await, "last");
    link.closed().await;
}

#[tokio::test]
async fn only_the_last_words_are_told() {
    let (link, _inlet) = connect(&child("")).await;
    ask(&link, "complain", json!({ "times": 100_000 })).await;
    let (_, stderr) = died(link.exchange(request(2, "die", json!({ "of": "rage" }))).await.unwrap_err());
    assert_eq!(stderr.lines().count(), 20);
    assert!(stderr.starts_with("complaint 99981\n") && stderr.ends_with("I die of \"rage\""), "{stderr}");
}

#[tokio::test]
async fn words_that_nobody_reads_are_not_told() {
    let (link, _inlet) = connect(&child("").stderr(Stderr::Null)).await;
    assert_eq!(
        died(link.exchange(request(2, "die", json!({}))).await.unwrap_err()),
        (Some(7), String::new())
    );
}

#[tokio::test]
async fn what_the_dead_started_ends_too_and_holds_nobody_up() {
    let watch = Watch::new().await;
    let (link, _inlet) = connect(&child("")).await;
    ask(&link, "spawn", watch.address()).await;
    let grandchild = watch.there().await;
    assert_eq!(died(link.exchange(request(2, "die", json!({}))).await.unwrap_err()).0, Some(7));
    gone(grandchild).await;
}

#[tokio::test]
async fn a_message_beyond_the_limit_ends_the_connection_and_the_process() {
    let watch = Watch::new().await;
    let (link, _inlet) = connect(&child("").longest(1000)).await;
    ask(&link, "watch", watch.address()).await;
    let process = watch.there().await;
    let error = link.exchange(request(1, "huge", json!({ "length": 1001 }))).await.unwrap_err();
    assert!(matches!(error, LinkError::TooLarge { limit: 1000 }), "{error}");
    gone(process).await;
}

#[tokio::test]
async fn a_server_that_only_closes_its_output_is_ended() {
    let (link, _inlet) =
        connect(&Child::new("sh").args(["-c", "exec >&-; exec sleep 1000"]).stop_timeout(SHORT)).await;
    let error = link.exchange(request(1, "echo", json!({}))).await.unwrap_err();
    assert!(matches!(error, LinkError::Closed), "{error}");
    link.close().await;
}

#[tokio::test]
async fn a_server_that_only_closes_its_input_is_ended() {
    let (link, _inlet) =
        connect(&Child::new("sh").args(["-c", "exec <&-; exec sleep 1000"]).stop_timeout(SHORT)).await;
    let error =
        link.exchange(request(1, "echo", json!({ "text": "x".repeat(1024 * 1024) }))).await.unwrap_err();
    assert!(matches!(error, LinkError::Closed), "{error}");
    link.close().await;
}

const SHORT: std::time::Duration = std::time::Duration::from_millis(50);
