use std::{io::Read as _, net::TcpListener, path::PathBuf, time::Duration};

use serde_json::{Value, json};
use toolwright_core::joint::LinkError;
use toolwright_stdio::Child;

use super::fixture::{Watch, ask, child, connect, gone, request, result};

const SHORT: Duration = Duration::from_millis(50);

/// Where Linux shows a process, a zombie too.
fn entry(pid: &Value) -> PathBuf {
    PathBuf::from(format!("/proc/{pid}"))
}

#[tokio::test]
async fn closing_ends_the_input_and_waits_for_the_process() {
    let (link, _inlet) = connect(&child("")).await;
    let pid = ask(&link, "pid", json!({})).await;
    link.close().await;
    assert!(!entry(&pid).exists());
    assert!(matches!(link.exchange(request(2, "echo", json!({}))).await, Err(LinkError::Closed)));
    link.closed().await;
    link.close().await;
}

#[tokio::test]
async fn what_was_asked_before_is_answered() {
    let script = r#"read line; while read more; do :; done; echo '{"jsonrpc":"2.0","id":1,"result":"late"}'"#;
    let (link, _inlet) = connect(&Child::new("sh").args(["-c", script])).await;
    // In this order: the request is queued before the end.
    let (answer, ()) = tokio::join!(link.exchange(request(1, "echo", json!({}))), link.close());
    assert_eq!(result(answer), "late");
}

#[tokio::test]
async fn whoever_waits_for_a_silent_server_learns_that_it_was_closed() {
    let (link, _inlet) = connect(&child("")).await;
    ask(&link, "echo", json!({})).await;
    let asked = link.exchange(request(2, "silence", json!({})));
    let (error, ()) = tokio::join!(asked, link.close());
    assert!(matches!(error, Err(LinkError::Closed)));
}

#[tokio::test]
async fn a_process_that_ignores_everything_is_killed() {
    let (link, _inlet) = connect(&child("stubborn").stop_timeout(SHORT)).await;
    let pid = ask(&link, "pid", json!({})).await;
    link.close().await;
    assert!(!entry(&pid).exists());
}

#[tokio::test]
async fn what_the_process_started_ends_with_it() {
    let watch = Watch::new().await;
    let (link, _inlet) = connect(&child("")).await;
    ask(&link, "spawn", watch.address()).await;
    let grandchild = watch.there().await;
    link.close().await;
    gone(grandchild).await;
}

#[tokio::test]
async fn a_process_that_reads_nothing_is_ended() {
    let (link, _inlet) = connect(&Child::new("sleep").arg("1000").stop_timeout(SHORT)).await;
    let large = json!({ "text": "x".repeat(4 * 1024 * 1024) });
    let (error, ()) = tokio::join!(link.exchange(request(1, "echo", large)), link.close());
    assert!(matches!(error, Err(LinkError::Closed)));
}

#[tokio::test]
async fn a_connection_that_is_dropped_is_closed() {
    let watch = Watch::new().await;
    let (link, _inlet) = connect(&child("stubborn").stop_timeout(SHORT)).await;
    ask(&link, "watch", watch.address()).await;
    let process = watch.there().await;
    drop(link);
    gone(process).await;
}

#[test]
fn the_end_of_the_runtime_kills_the_process_and_what_it_started() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = json!({ "address": listener.local_addr().unwrap().to_string() });
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (link, pid) = runtime.block_on(async {
        let (link, _inlet) = connect(&child("stubborn")).await;
        ask(&link, "spawn", address).await;
        let pid = ask(&link, "pid", json!({})).await;
        (link, pid)
    });
    let (mut grandchild, _) = listener.accept().unwrap();
    drop(runtime);
    let _ = grandchild.read(&mut [0]);
    assert!(!entry(&pid).exists());
    drop(link);
}
