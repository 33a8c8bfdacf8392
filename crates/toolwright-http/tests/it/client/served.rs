//! A client and a server of ours, with a socket between them and without.
use std::{
    future::pending,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use serde_json::json;
use tokio::{net::TcpListener, sync::watch};
use toolwright_client::{Change, Client, EraChoice};
use toolwright_core::{
    era::Revision,
    model::{ElicitResult, SubscriptionFilter},
};
use toolwright_http::{HttpHandle, ServeHttp, client::Http};
use toolwright_server::{Context, HandlerError, Server, Tool, extract::Cancel, question::Elicited};

/// Calls that run, and calls that were given up.
#[derive(Default)]
struct Counts {
    running: watch::Sender<usize>,
    given_up: watch::Sender<usize>,
}

fn server(counts: &Arc<Counts>) -> Server {
    let counts = Arc::clone(counts);
    let hello = Tool::new("hello").handler(|_: Context| async { "hi" });
    let work = Tool::new("work").handler(|context: Context| async move {
        context.progress(1, 2);
        context.info("half");
        tokio::task::yield_now().await;
        context.progress(2, 2);
        "done"
    });
    let ask = Tool::new("ask").handler(|context: Context| async move {
        Ok::<_, HandlerError>(match context.elicit::<bool>("Really?").await? {
            Elicited::Accepted(answer) => format!("answered {answer}"),
            other => format!("{other:?}"),
        })
    });
    let hang = Tool::new("hang").handler(move |cancel: Cancel| {
        let counts = Arc::clone(&counts);
        async move {
            let counter = Arc::clone(&counts);
            tokio::spawn(async move {
                cancel.cancelled().await;
                counter.given_up.send_modify(|count| *count += 1);
            });
            counts.running.send_modify(|count| *count += 1);
            pending::<String>().await
        }
    });
    Server::builder("demo").tools([hello, work, ask, hang]).build().unwrap()
}

/// The two ways to the same server.
async fn ways(server: &Server) -> Vec<Http> {
    with_handles(server).await.into_iter().map(|(http, _)| http).collect()
}

async fn with_handles(server: &Server) -> [(Http, HttpHandle); 2] {
    let (socket, local) = (server.clone().http(), server.clone().http());
    let handles = [socket.handle(), local.handle()];
    let socket = Http::new(format!("http://{}/mcp", serve(socket).await));
    let local = Http::in_process(local.router::<()>("/mcp"), "/mcp");
    let [one, two] = handles;
    [(socket, one), (local, two)]
}

async fn serve(http: toolwright_http::HttpServer) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(http.serve_listener(listener));
    address
}

#[tokio::test]
async fn a_server_is_called_in_every_revision() {
    let server = server(&Arc::default());
    for revision in Revision::ALL {
        for http in ways(&server).await {
            let client = Client::builder().era(revision).connect(http).await.unwrap();
            assert_eq!(client.revision(), revision);
            assert_eq!(client.call("hello", json!({})).await.unwrap().text(), "hi");
            assert_eq!(client.tools().await.unwrap().len(), 4);
            client.close().await;
        }
    }
}

#[tokio::test]
async fn the_newest_revision_is_found_by_itself() {
    for http in ways(&server(&Arc::default())).await {
        let client = Client::connect(http).await.unwrap();
        assert_eq!(client.revision(), Revision::V2026_07_28);
    }
}

#[tokio::test]
async fn progress_and_logs_come_before_the_answer_in_every_revision() {
    let server = server(&Arc::default());
    for revision in Revision::ALL {
        for http in ways(&server).await {
            let seen = Arc::new(Mutex::new(Vec::new()));
            let (progress, logs) = (seen.clone(), seen.clone());
            let client = Client::builder()
                .era(revision)
                .on_log(move |log| logs.lock().unwrap().push(log.data.as_str().to_owned()))
                .connect(http)
                .await
                .unwrap();
            let call = client
                .call("work", json!({}))
                .on_progress(move |report| progress.lock().unwrap().push(report.progress.to_string()));
            assert_eq!(call.await.unwrap().text(), "done");
            let seen = seen.lock().unwrap().clone();
            assert!(seen.len() == 3 && seen.contains(&"\"half\"".to_owned()), "{revision}: {seen:?}");
        }
    }
}

#[tokio::test]
async fn a_question_of_the_server_is_answered_in_every_revision_that_has_them() {
    let server = server(&Arc::default());
    for revision in Revision::ALL.into_iter().filter(|revision| revision.era().elicits()) {
        for http in ways(&server).await {
            let client = Client::builder()
                .era(revision)
                .on_elicit(|_| async { ElicitResult::accept([("value", true)]) })
                .connect(http)
                .await
                .unwrap();
            assert_eq!(client.call("ask", json!({})).await.unwrap().text(), "answered true", "{revision}");
        }
    }
}

#[tokio::test]
async fn changes_arrive_in_either_era() {
    for choice in [EraChoice::Modern, EraChoice::Legacy] {
        let server = server(&Arc::default());
        for (http, handle) in with_handles(&server).await {
            let client = Client::builder().era(choice).connect(http).await.unwrap();
            let filter = SubscriptionFilter::new().tools_list_changed(true);
            let mut changes = client.listen(filter).await.unwrap();
            // A session's stream opens beside.
            while handle.streams() == 0 {
                tokio::task::yield_now().await;
            }
            server.notifier().tools_changed();
            assert!(matches!(changes.next().await.unwrap(), Some(Change::Tools)));
        }
    }
}

#[tokio::test]
async fn a_call_that_is_given_up_is_cancelled_at_the_server_in_either_era() {
    for choice in [EraChoice::Modern, EraChoice::Legacy] {
        let counts = Arc::<Counts>::default();
        let server = server(&counts);
        for (number, http) in ways(&server).await.into_iter().enumerate() {
            let client = Client::builder().era(choice).connect(http).await.unwrap();
            let call = client.call("hang", json!({}));
            let call = tokio::spawn(async move { call.await.map(|_| ()) });
            counts.running.subscribe().wait_for(|count| *count > number).await.unwrap();
            call.abort();
            counts.given_up.subscribe().wait_for(|count| *count > number).await.unwrap();
            assert_eq!(client.call("hello", json!({})).await.unwrap().text(), "hi");
        }
    }
}

#[tokio::test]
async fn a_closed_or_dropped_client_ends_its_session() {
    let server = server(&Arc::default());
    let http = server.http();
    let handle = http.handle();
    let url = format!("http://{}/mcp", serve(http).await);
    let connect = async || Client::builder().era(EraChoice::Legacy).connect(Http::new(&url)).await.unwrap();
    let (one, two) = (connect().await, connect().await);
    assert_eq!(handle.sessions(), 2);
    one.close().await;
    assert_eq!(handle.sessions(), 1);
    drop(two);
    while handle.sessions() > 0 {
        tokio::task::yield_now().await;
    }
}
