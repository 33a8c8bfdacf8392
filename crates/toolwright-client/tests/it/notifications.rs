use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use toolwright_client::{Change, Client, Notification};

use crate::fake::{Fake, LEGACY, MODERN, text};

#[tokio::test]
async fn log_messages_arrive_before_the_result() {
    for revision in [MODERN, LEGACY] {
        let fake = Fake::new(revision, |call| {
            for n in 0..3 {
                let params = json!({ "level": "info", "logger": "l", "data": { "n": n } });
                call.notify("notifications/message", params);
            }
            text("done")
        });
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = seen.clone();
        let builder = Client::builder().on_log(move |message| {
            sink.lock().unwrap().push(message.data.read::<Value>().unwrap()["n"].clone())
        });
        let client = fake.connect_with(builder).await.unwrap();
        client.call("x", ()).await.unwrap();
        assert_eq!(*seen.lock().unwrap(), [0, 1, 2]);
    }
}

#[tokio::test]
async fn changes_of_a_session_are_told_and_every_notification_can_be_seen() {
    let fake = Fake::new(LEGACY, |_| text("done"));
    let (changes, notifications) =
        (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::<Notification>::new())));
    let (change_sink, notification_sink) = (changes.clone(), notifications.clone());
    let builder = Client::builder()
        .on_change(move |change| change_sink.lock().unwrap().push(change))
        .on_notification(move |notification| notification_sink.lock().unwrap().push(notification));
    let _client = fake.connect_with(builder).await.unwrap();
    fake.notify("notifications/tools/list_changed", json!({}));
    fake.notify("notifications/prompts/list_changed", json!({}));
    fake.notify("notifications/resources/list_changed", json!({}));
    fake.notify("notifications/resources/updated", json!({ "uri": "a://b" }));
    fake.notify("notifications/resources/updated", json!({}));
    fake.notify("example/odd", json!({ "x": 1 }));
    assert_eq!(
        *changes.lock().unwrap(),
        [Change::Tools, Change::Prompts, Change::Resources, Change::Resource("a://b".to_owned())]
    );
    let notifications = notifications.lock().unwrap();
    assert_eq!(notifications.len(), 6);
    assert_eq!(notifications[5].method, "example/odd");
    assert_eq!(notifications[5].params.as_ref().unwrap().as_str(), r#"{"x":1}"#);
}

#[tokio::test]
async fn a_handler_that_panics_harms_nobody_else() {
    let fake = Fake::new(LEGACY, |call| {
        call.notify("notifications/message", json!({ "level": "info", "data": 1 }));
        text("done")
    });
    let client = fake.connect_with(Client::builder().on_log(|_| panic!("in the handler"))).await.unwrap();
    assert_eq!(client.call("x", ()).await.unwrap().text(), "done");
}

#[tokio::test]
async fn garbage_between_messages_is_passed_over() {
    let fake = Fake::new(LEGACY, |call| {
        for garbage in
            ["", "{", "[]", "7", "null", r#"{"jsonrpc":"2.0"}"#, r#"{"jsonrpc":"2.0","id":99,"result":{}}"#]
        {
            call.send_text(garbage);
        }
        call.notify("notifications/message", json!("no object"));
        text("done")
    });
    let client = fake.connect_with(Client::builder().on_log(|_| panic!("nothing to log"))).await.unwrap();
    assert_eq!(client.call("x", ()).await.unwrap().text(), "done");
}

#[tokio::test]
async fn a_changed_list_of_tools_forgets_what_was_known_of_their_results() {
    let fake = Fake::new(LEGACY, |call| {
        crate::fake::Reaction::Result(if call.method == "tools/list" {
            let schema = json!({ "type": "object", "x-fastmcp-wrap-result": true });
            json!({ "tools": [{ "name": "x", "inputSchema": { "type": "object" }, "outputSchema": schema }] })
        } else {
            json!({ "content": [], "structuredContent": { "result": 1 } })
        })
    });
    let client = fake.connect().await;
    client.tools().await.unwrap();
    assert_eq!(client.call("x", ()).await.unwrap().data::<Value>().unwrap(), json!(1));
    fake.notify("notifications/tools/list_changed", json!({}));
    assert_eq!(client.call("x", ()).await.unwrap().data::<Value>().unwrap(), json!({ "result": 1 }));
}
