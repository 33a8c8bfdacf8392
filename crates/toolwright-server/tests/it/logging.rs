//! Log messages to the client: who gets which.
use serde_json::{Value, json};
use toolwright_core::model::LoggingLevel;
use toolwright_server::{Context, Server, Tool};

use crate::each::{Client, LEGACY, MODERN, each};

const LEVELS: [&str; 8] = ["debug", "info", "notice", "warning", "error", "critical", "alert", "emergency"];

/// Says something at each level.
fn server() -> Server {
    let chatty = Tool::new("chatty").handler(|context: Context| async move {
        for level in LEVELS {
            let level: LoggingLevel = serde_json::from_value(json!(level)).unwrap();
            context.log(level, level.as_str());
        }
        "done"
    });
    let named = Tool::new("named").handler(|context: Context| async move {
        context.logger("db").error(json!({ "rows": 3 }));
        "done"
    });
    Server::builder("demo").tools([chatty, named]).build().unwrap()
}

/// The levels that reach the client when it calls `chatty`.
async fn levels(client: &Client, meta: Value) -> Vec<String> {
    let before = client.wire.said.all().len();
    client.result("tools/call", json!({ "name": "chatty", "_meta": meta })).await;
    client.wire.said.all()[before..]
        .iter()
        .map(|message| {
            assert_eq!(message["method"], "notifications/message");
            assert_eq!(message["params"]["level"], message["params"]["data"]);
            message["params"]["level"].as_str().unwrap().to_owned()
        })
        .collect()
}

#[tokio::test]
async fn a_session_hears_everything_from_info_on_until_it_says_otherwise() {
    for revision in LEGACY {
        let client = Client::new(&server(), revision).await;
        assert_eq!(levels(&client, json!({})).await, LEVELS[1..], "{revision}");
        for (at, level) in LEVELS.into_iter().enumerate() {
            assert_eq!(client.result("logging/setLevel", json!({ "level": level })).await, json!({}));
            assert_eq!(levels(&client, json!({})).await, LEVELS[at..], "{revision} {level}");
        }
    }
}

#[tokio::test]
async fn sessions_do_not_hear_each_others_level() {
    let server = server();
    let (one, two) = (Client::new(&server, "2025-06-18").await, Client::new(&server, "2025-06-18").await);
    one.result("logging/setLevel", json!({ "level": "emergency" })).await;
    assert_eq!(levels(&two, json!({})).await, LEVELS[1..]);
}

#[tokio::test]
async fn a_stateless_request_hears_what_it_asked_for_and_nothing_else() {
    let client = Client::new(&server(), MODERN).await;
    assert_eq!(levels(&client, json!({})).await, Vec::<String>::new());
    for (at, level) in LEVELS.into_iter().enumerate() {
        assert_eq!(
            levels(&client, json!({ "io.modelcontextprotocol/logLevel": level })).await,
            LEVELS[at..],
            "{level}"
        );
    }
    assert_eq!(levels(&client, json!({})).await, Vec::<String>::new(), "nothing is remembered");
}

#[tokio::test]
async fn a_level_of_a_session_is_none_of_a_stateless_request_on_the_same_pipe() {
    let client = Client::new(&server(), "2025-11-25").await;
    client.result("logging/setLevel", json!({ "level": "debug" })).await;
    client.wire.modern("tools/call", json!({ "name": "chatty" })).await;
    assert_eq!(client.wire.said.methods(), Vec::<String>::new());
    assert_eq!(
        levels(&client, json!({ "io.modelcontextprotocol/logLevel": "error" })).await,
        LEVELS,
        "and the other way round"
    );
}

#[tokio::test]
async fn an_unknown_level_is_an_error() {
    for revision in LEGACY {
        let client = Client::new(&server(), revision).await;
        for params in
            [json!({ "level": "loud" }), json!({ "level": 3 }), json!({ "level": "Error" }), json!({})]
        {
            assert_eq!(
                client.error("logging/setLevel", params.clone()).await.0["code"],
                -32602,
                "{revision} {params}"
            );
        }
        assert_eq!(levels(&client, json!({})).await, LEVELS[1..], "and changes nothing");
    }
    let client = Client::new(&server(), MODERN).await;
    let meta = json!({ "io.modelcontextprotocol/logLevel": "loud" });
    let (error, _) = client.error("tools/call", json!({ "name": "chatty", "_meta": meta })).await;
    assert_eq!(error["code"], -32602);
    assert!(error["message"].as_str().unwrap().contains("logLevel"), "{error}");
}

#[tokio::test]
async fn a_logger_has_a_name_and_data_is_any_json() {
    for client in each(&server()).await {
        let meta = json!({ "io.modelcontextprotocol/logLevel": "error" });
        client.result("tools/call", json!({ "name": "named", "_meta": meta })).await;
        assert_eq!(
            client.wire.said.all(),
            [json!({ "jsonrpc": "2.0", "method": "notifications/message",
                "params": { "level": "error", "logger": "db", "data": { "rows": 3 } } })],
            "{}",
            client.revision
        );
    }
}

#[tokio::test]
async fn a_server_that_has_something_to_log_says_so() {
    for client in each(&server()).await {
        if client.is_modern() {
            let result = client.result("server/discover", json!({})).await;
            assert_eq!(result["capabilities"]["logging"], json!({}));
        } else {
            let params = json!({ "protocolVersion": client.revision, "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
            let result = client.result("initialize", params).await;
            assert_eq!(result["capabilities"]["logging"], json!({}));
        }
    }
}

#[tokio::test]
async fn a_client_that_does_not_keep_up_loses_messages_but_not_its_answer() {
    let client = Client::new(&server(), "2025-06-18").await;
    client.wire.said.fill();
    assert_eq!(client.text("chatty").await, "done");
    client.wire.said.empty();
    assert_eq!(levels(&client, json!({})).await, LEVELS[1..]);
}
