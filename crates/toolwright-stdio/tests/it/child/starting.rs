use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
};

use serde_json::json;
use toolwright_core::joint::{Attach, Connect as _, Mute, Outgoing};
use toolwright_core::jsonrpc::encode;
use toolwright_stdio::{Child, Stderr};

use super::fixture::{ask, child, connect, request, result};

async fn failure(child: Child) -> String {
    child.connect(Attach::new(Arc::new(Mute))).await.err().unwrap().to_string()
}

#[tokio::test]
async fn a_command_that_is_not_there_says_where_it_was_looked_for() {
    assert_eq!(
        failure(Child::new("no-such-server")).await,
        "cannot connect to the command `no-such-server`: no directory of PATH has a program of that name; install it, or give \
         its whole path"
    );
    assert_eq!(
        failure(Child::new("./no-such-server")).await,
        "cannot connect to the command `./no-such-server`: there is no such file, or the interpreter that its first line names \
         is missing"
    );
    assert_eq!(
        failure(Child::new("sh -c true")).await,
        "cannot connect to the command `sh -c true`: there is no program of that name; a command is one program, so give what \
         follows `sh` as arguments"
    );
    assert_eq!(
        failure(Child::new("/etc/passwd")).await,
        "cannot connect to the command `/etc/passwd`: it is not an executable file that this user may run"
    );
    assert_eq!(
        failure(Child::new("sh").current_dir("/no/such/place")).await,
        "cannot connect to the command `sh`: there is no directory `/no/such/place` to run it in"
    );
}

#[tokio::test]
async fn arguments_are_no_shell_commands() {
    let (link, _inlet) = connect(&child("").arg("$HOME; `exit`")).await;
    let arguments = ask(&link, "arguments", json!({})).await;
    assert!(arguments.as_array().unwrap().contains(&json!("$HOME; `exit`")), "{arguments}");
}

#[tokio::test]
async fn the_environment_is_what_programs_need_and_what_is_given() {
    // Cargo sets these for tests.
    let (link, _inlet) =
        connect(&child("").env("GIVEN", "1").inherit_env(["CARGO_PKG_NAME", "NOT_SET"])).await;
    let environment = ask(&link, "environment", json!({})).await;
    let names: BTreeSet<_> = environment.as_object().unwrap().keys().map(String::as_str).collect();
    assert!(names.contains("PATH"));
    assert_eq!(environment["GIVEN"], "1");
    assert_eq!(environment["CARGO_PKG_NAME"], "toolwright-stdio");
    assert!(!names.contains("CARGO_MANIFEST_DIR") && !names.contains("NOT_SET"), "{names:?}");
}

#[tokio::test]
async fn it_runs_where_it_is_told_to() {
    let directory = std::env::temp_dir().canonicalize().unwrap();
    let (link, _inlet) = connect(&child("").current_dir(&directory)).await;
    assert_eq!(ask(&link, "directory", json!({})).await, json!(directory));
}

#[tokio::test]
async fn lines_that_are_no_messages_are_skipped() {
    // The test harness itself says `running 1 test` before.
    let (link, mut inlet) = connect(&child("")).await;
    let lines = ["Server is listening!", "[1, 2", "\"text\"", "", r#"{"jsonrpc":"2.0","method":"note"}"#];
    assert_eq!(ask(&link, "write", json!({ "lines": lines })).await, json!({}));
    assert_eq!(inlet.recv().await.unwrap()["method"], "note");
}

#[tokio::test]
async fn a_greeting_without_end_takes_no_memory_and_stops_nothing() {
    let (link, _inlet) = connect(&child("").longest(1000)).await;
    let lines = vec!["x".repeat(900); 10_000];
    assert_eq!(ask(&link, "write", json!({ "lines": lines })).await, json!({}));
}

#[tokio::test]
async fn answers_find_their_requests() {
    let (link, _inlet) = connect(&child("")).await;
    link.exchange(Outgoing::notice(encode::notification("echo", &json!({})).unwrap())).await.unwrap();
    let asked: Vec<_> =
        (0..100).map(|id| tokio::spawn(link.exchange(request(id, "echo", json!({ "n": id }))))).collect();
    for (id, answer) in asked.into_iter().enumerate() {
        assert_eq!(result(answer.await.unwrap()), json!({ "n": id }));
    }
}

#[tokio::test]
async fn each_connection_has_a_process_of_its_own() {
    let child = child("");
    let ((one, _), (two, _)) = (connect(&child).await, connect(&child).await);
    assert_ne!(ask(&one, "pid", json!({})).await, ask(&two, "pid", json!({})).await);
}

#[tokio::test]
async fn stderr_is_read_as_lines() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    let child = child("").stderr(Stderr::lines(move |line| sink.lock().unwrap().push(line.to_owned())));
    let (link, _inlet) = connect(&child).await;
    ask(&link, "complain", json!({ "times": 3 })).await;
    link.close().await;
    assert_eq!(*seen.lock().unwrap(), ["complaint 0", "complaint 1", "complaint 2"]);
}

#[tokio::test]
async fn stderr_can_go_into_a_file() {
    let path = std::env::temp_dir().join(format!("toolwright-child-{}", std::process::id()));
    for _ in 0..2 {
        let (link, _inlet) = connect(&child("").stderr(Stderr::File(path.clone()))).await;
        ask(&link, "complain", json!({ "times": 1 })).await;
        link.close().await;
    }
    let written = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    assert_eq!(written, "complaint 0\ncomplaint 0\n");
}
