use serde_json::{Value, json};
use toolwright_core::joint::Principal;
use toolwright_testing::transcript::{Replay, replay};

use crate::double::{Call, Double, never};

/// `add` adds, `slow` reports first, `ask` asks, `hang` hangs, `who` says who.
fn server() -> Double {
    Double::new(|call: Call| async move {
        let name = call.message["method"].as_str()?.to_owned();
        match name.as_str() {
            "add" => {
                let params = &call.message["params"];
                call.result(json!({ "sum": params["a"].as_i64()? + params["b"].as_i64()? }))
            }
            "slow" => {
                call.notify("notifications/progress", json!({ "progress": 1 }));
                tokio::task::yield_now().await;
                call.notify("notifications/progress", json!({ "progress": 2 }));
                call.result(json!({ "at": 1_700_000_000 }))
            }
            "ask" => {
                let answer = call.ask("roots/list", json!({})).await;
                call.result(answer["result"].clone())
            }
            "hang" => never().await,
            "who" => call.result(json!({ "who": call.principal })),
            _ => None,
        }
    })
}

const TALK: &str = r#"
# Several requests at once; the order holds within each.
> {"id":1,"method":"slow"}
> {"id":2,"method":"add","params":{"a":2,"b":3}}
< {"jsonrpc":"2.0","id":2,"result":{"sum":5}}
< {"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":1}}
< {"jsonrpc":"2.0","method":"$any","params":{"progress":"$number"}}
< {"jsonrpc":"2.0","id":1,"result":{"at":"$number"}}

> {"id":3,"method":"ask"}
< {"jsonrpc":"2.0","id":"$id:question","method":"roots/list","$rest":"$any"}
> {"id":"$id:question","result":{"roots":[]}}
< {"jsonrpc":"2.0","id":3,"result":{"roots":[]}}

> broken
< {"jsonrpc":"2.0","error":{"code":-32700,"message":"$string"}}

> {"method":"notifications/initialized"}
> {"id":4,"method":"hang"}
! drop 4
"#;

#[tokio::test]
async fn a_conversation_that_is_as_written_passes() {
    let server = server();
    replay(server.clone(), TALK).await.unwrap();
    tokio::task::yield_now().await;
    assert_eq!(server.dropped(), 1);
}

#[tokio::test(start_paused = true)]
async fn each_difference_is_told_with_its_line() {
    for (transcript, expected) in [
        (
            "\n> {\"id\":1,\"method\":\"add\",\"params\":{\"a\":2,\"b\":3}}\n< {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"sum\":6}}",
            "line 3: expected {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"sum\":6}}\n  got {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"sum\":5}}\n    : $.result.sum is 5, not 6",
        ),
        ("> {\"id\":1,\"method\":\"hang\"}\n< {}", "line 2: expected {}\n  got nothing"),
        (
            "> {\"id\":1,\"method\":\"add\",\"params\":{\"a\":2,\"b\":3}}\n",
            "line 1: a message is left over at the end: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"sum\":5}}",
        ),
        (
            "> {\"id\":1,\"method\":\"hang\"}\n# the end",
            "line 2: not answered at the end: 1; `! drop ID` gives one up",
        ),
        ("> {\"method\":\"hang\"}", "line 1: the server never came to an end with this"),
        ("! drop 7", "line 1: no request with the id 7 is running"),
        ("hello", "line 1: a line begins with `>`, `<`, `!` or `#`"),
        (
            "> {\"id\":1,\"method\":\"slow\"}\n< {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"at\":\"$number\"}}",
            "line 2: expected {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"at\":\"$number\"}}\n  got {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progress\":1}}\n    : $.id is missing",
        ),
    ] {
        let mismatch = replay(server(), transcript).await.unwrap_err();
        assert_eq!(mismatch.to_string(), expected, "{transcript}");
        assert_eq!(format!("{mismatch:?}"), expected, "readable when unwrapped");
    }
}

#[tokio::test]
async fn every_message_of_the_server_can_be_validated() {
    let validated = Replay::new(server()).validate(|message: &Value, answers| match answers {
        Some("add") if message["result"]["sum"] == 5 => Err("five is too much".to_owned()),
        _ => Ok(()),
    });
    let mismatch = validated.text(TALK).await.unwrap_err();
    assert_eq!(mismatch.line(), 5);
    assert!(mismatch.to_string().ends_with("is not valid: five is too much"), "{mismatch}");
}

#[tokio::test]
async fn the_principal_is_shown_to_the_server_and_draining_ends_what_runs() {
    let transcript = "> {\"id\":1,\"method\":\"who\"}\n< {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"who\":\"ada\"}}\n\
                      > {\"id\":2,\"method\":\"hang\"}\n! drain";
    Replay::new(server()).principal(Principal::new("ada")).text(transcript).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_transcript_can_be_brought_up_to_date() {
    let outdated = r#"# Sums.
> {"id":1,"method":"add","params":{"a":2,"b":3}}
< {"jsonrpc":"2.0","id":1,"result":{"sum":6}}

# Reports: the first line is gone, one is new.
> {"id":2,"method":"slow"}
< {"jsonrpc":"2.0","method":"gone"}
< {"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":"$number"}}
< {"jsonrpc":"2.0","id":2,"result":{"at":"$number"}}

# Nothing written yet.
> {"id":3,"method":"add","params":{"a":0,"b":1}}

# Right as it is.
> {"id":4,"method":"add","params":{"a":0,"b":2}}
< {"jsonrpc":"2.0","id":4,"result":"$any"}
"#;
    let updated = r#"# Sums.
> {"id":1,"method":"add","params":{"a":2,"b":3}}
< {"jsonrpc":"2.0","id":1,"result":{"sum":5}}

# Reports: the first line is gone, one is new.
> {"id":2,"method":"slow"}
< {"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":"$number"}}
< {"jsonrpc":"2.0","method":"notifications/progress","params":{"progress":2}}
< {"jsonrpc":"2.0","id":2,"result":{"at":"$number"}}

# Nothing written yet.
> {"id":3,"method":"add","params":{"a":0,"b":1}}
< {"jsonrpc":"2.0","id":3,"result":{"sum":1}}

# Right as it is.
> {"id":4,"method":"add","params":{"a":0,"b":2}}
< {"jsonrpc":"2.0","id":4,"result":"$any"}
"#;
    let replay = Replay::new(server());
    assert_eq!(replay.updated(outdated).await.unwrap(), updated);
    replay.text(updated).await.unwrap();
    assert_eq!(replay.updated(updated).await.unwrap(), updated);
}

#[tokio::test(start_paused = true)]
async fn a_file_is_named_in_what_goes_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.jsonl");
    std::fs::write(&path, TALK.replace("\"sum\":5", "\"sum\":7")).unwrap();
    let mismatch = Replay::new(server()).update(false).file(&path).await.unwrap_err();
    assert!(mismatch.to_string().starts_with(&format!("{}, line 5: expected", path.display())), "{mismatch}");
    let mismatch = Replay::new(server()).file(folder.path().join("none")).await.unwrap_err();
    assert!(mismatch.to_string().contains("none, line 0: "), "{mismatch}");
}

#[tokio::test(start_paused = true)]
async fn a_file_is_rewritten_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talk.jsonl");
    std::fs::write(&path, TALK.replace("\"sum\":5", "\"sum\":7")).unwrap();
    Replay::new(server()).update(true).file(&path).await.unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), TALK);
}
