//! Progress: to those who asked, forwards only, never after the reply.
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use toolwright_server::{Context, Resource, Server, Tool, extract::Progress};

use crate::each::{Client, MODERN, each};

fn works(work: impl Fn(&Context) + Send + Sync + 'static) -> Server {
    let work = Arc::new(work);
    let tool = Tool::new("work").handler(move |context: Context| {
        work(&context);
        async { "done" }
    });
    Server::builder("demo").tool(tool).build().unwrap()
}

fn call(token: &Value) -> Value {
    json!({ "name": "work", "arguments": {}, "_meta": { "progressToken": token } })
}

fn reports(client: &Client) -> Vec<Value> {
    let said = client.wire.said.all();
    said.into_iter()
        .map(|mut message| {
            assert_eq!(message["method"], "notifications/progress");
            message["params"].take()
        })
        .collect()
}

#[tokio::test]
async fn progress_carries_the_token_as_it_came_and_numbers_as_they_are() {
    let server = works(|context| {
        context.progress(1, 4);
        context.progress(2.5, 4);
        context.progress(3_u64, ());
        context.progress(4, 4.5);
    });
    for client in each(&server).await {
        for token in [json!(7), json!("7")] {
            let before = client.wire.said.all().len();
            client.result("tools/call", call(&token)).await;
            assert_eq!(
                reports(&client)[before..],
                [
                    json!({ "progressToken": token, "progress": 1, "total": 4 }),
                    json!({ "progressToken": token, "progress": 2.5, "total": 4 }),
                    json!({ "progressToken": token, "progress": 3 }),
                    json!({ "progressToken": token, "progress": 4, "total": 4.5 }),
                ],
                "{}",
                client.revision
            );
        }
    }
}

#[tokio::test]
async fn who_gave_no_token_hears_nothing() {
    let server = works(|context| context.progress(1, 2));
    for client in each(&server).await {
        client.result("tools/call", json!({ "name": "work" })).await;
        assert_eq!(client.wire.said.methods(), Vec::<String>::new(), "{}", client.revision);
    }
}

#[tokio::test]
async fn progress_only_goes_forwards() {
    let server = works(|context| {
        for progress in [2.0, 2.0, 1.0, -5.0, 2.5, f64::NAN, f64::INFINITY, 2.25, 3.0] {
            context.progress(progress, ());
        }
    });
    for client in each(&server).await {
        client.result("tools/call", call(&json!(1))).await;
        let values: Vec<_> = reports(&client).iter().map(|report| report["progress"].clone()).collect();
        assert_eq!(values, [json!(2.0), json!(2.5), json!(3.0)], "{}", client.revision);
    }
}

#[tokio::test]
async fn what_is_done_is_said_in_words_where_the_revision_has_them() {
    let server = works(|context| context.progress_with(1, 2, "halfway"));
    for client in each(&server).await {
        client.result("tools/call", call(&json!(1))).await;
        let mut expected = json!({ "progressToken": 1, "progress": 1, "total": 2 });
        if client.revision != "2024-11-05" {
            expected["message"] = "halfway".into();
        }
        assert_eq!(reports(&client), [expected], "{}", client.revision);
    }
}

#[tokio::test]
async fn a_context_that_outlives_its_call_reports_nothing_more() {
    let kept = Arc::new(Mutex::new(None));
    let own = Arc::clone(&kept);
    let server = works(move |context| *own.lock().unwrap() = Some(context.clone()));
    for client in each(&server).await {
        client.result("tools/call", call(&json!(1))).await;
        let context = kept.lock().unwrap().take().unwrap();
        assert!(context.is_closed());
        context.progress(1, 2);
        context.error("late");
        assert_eq!(client.wire.said.methods(), Vec::<String>::new(), "{}", client.revision);
    }
}

#[tokio::test]
async fn a_client_that_does_not_keep_up_gets_the_newest_before_its_answer() {
    let outlet: Arc<Mutex<Option<Arc<crate::wire::Said>>>> = Arc::default();
    let own = Arc::clone(&outlet);
    let server = works(move |context| {
        let said = own.lock().unwrap().clone().unwrap();
        context.progress(1, 9);
        said.fill();
        for progress in 2..=8 {
            context.progress(progress, 9);
        }
        said.empty();
    });
    for client in each(&server).await {
        *outlet.lock().unwrap() = Some(Arc::clone(&client.wire.said));
        client.result("tools/call", call(&json!(1))).await;
        let values: Vec<_> = reports(&client).iter().map(|report| report["progress"].clone()).collect();
        assert_eq!(values, [1, 8], "{}", client.revision);
    }
}

#[tokio::test]
async fn a_report_that_found_no_room_is_overtaken_by_the_next_one_that_does() {
    let outlet: Arc<Mutex<Option<Arc<crate::wire::Said>>>> = Arc::default();
    let own = Arc::clone(&outlet);
    let server = works(move |context| {
        let said = own.lock().unwrap().clone().unwrap();
        said.fill();
        context.progress(1, ());
        said.empty();
        context.progress(2, ());
    });
    let client = Client::new(&server, MODERN).await;
    *outlet.lock().unwrap() = Some(Arc::clone(&client.wire.said));
    client.result("tools/call", call(&json!(1))).await;
    assert_eq!(
        reports(&client),
        [json!({ "progressToken": 1, "progress": 2 })],
        "an older one never follows"
    );
}

#[tokio::test]
async fn every_kind_of_handler_can_report() {
    let file = Resource::new("x:/file").handler(|progress: Progress| async move {
        progress.report(1, 1);
        "text"
    });
    let server = Server::builder("demo").resource(file).build().unwrap();
    for client in each(&server).await {
        client.result("resources/read", json!({ "uri": "x:/file", "_meta": { "progressToken": "p" } })).await;
        assert_eq!(reports(&client), [json!({ "progressToken": "p", "progress": 1, "total": 1 })]);
    }
}

#[tokio::test]
async fn calls_within_a_call_do_not_report_under_its_token() {
    let inner = Tool::new("inner").handler(|context: Context| async move {
        context.progress(50, 100);
        "inner"
    });
    let outer = Tool::new("work").handler(|context: Context| async move {
        context.progress(1, 2);
        context.call_tool("inner", json!({})).await?;
        context.progress(2, 2);
        Ok::<_, toolwright_server::HandlerError>("outer")
    });
    let server = Server::builder("demo").tools([inner, outer]).build().unwrap();
    let client = Client::new(&server, MODERN).await;
    client.result("tools/call", call(&json!(1))).await;
    let values: Vec<_> = reports(&client).iter().map(|report| report["progress"].clone()).collect();
    assert_eq!(values, [1, 2]);
}
