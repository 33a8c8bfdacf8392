use std::time::Duration;

use serde_json::json;
use toolwright_client::{Client, ClientError};
use toolwright_core::{
    joint::Principal,
    model::{CompleteParams, CompletionReference, Implementation, ResourceContents},
};
use toolwright_testing::{Eras, Recorder, in_every_era};

use super::fixture::{GivenUp, server, serving};

#[tokio::test]
async fn every_method_works_in_every_revision() {
    in_every_era(server(), async |client: Client| -> Result<(), ClientError> {
        assert_eq!(client.server_info().as_deref(), Some(&Implementation::new("fixture", "1.0.0")));
        assert_eq!(client.instructions().as_deref(), Some("Be kind."));
        assert_eq!(client.tools().await?.len(), 36, "four pages");
        assert_eq!(client.resources().await?.len(), 1);
        assert_eq!(client.templates().await?.len(), 1);
        assert_eq!(client.prompts().await?.len(), 1);

        assert_eq!(client.call("add", json!({ "a": 2, "b": 3 })).await?.data::<i64>()?, 5);
        assert_eq!(
            client.read("notes://all").await?.contents,
            [ResourceContents::text("notes://all", "all")]
        );
        assert_eq!(client.read("notes://7").await?.contents, [ResourceContents::text("notes://7", "7")]);
        let prompt = client.prompt("greet", json!({ "name": "ada" })).await?;
        assert_eq!(prompt.messages[0].content.as_text(), Some("Greet ada."));
        let typed = CompleteParams::new(CompletionReference::prompt("greet"), "name", "a");
        assert_eq!(client.complete(typed).await?.values, ["ada", "alan"]);
        if !client.revision().era().is_stateless() {
            client.ping().await?;
        }
        Ok(())
    })
    .await;
}

#[tokio::test]
async fn data_is_the_same_whether_or_not_the_tools_were_listed() {
    in_every_era(server(), async |client: Client| {
        let before: i64 = client.call("add", json!({ "a": 2, "b": 3 })).await.unwrap().data().unwrap();
        client.tools().await.unwrap();
        let after: i64 = client.call("add", json!({ "a": 2, "b": 3 })).await.unwrap().data().unwrap();
        assert_eq!((before, after), (5, 5));
    })
    .await;
}

#[tokio::test]
async fn failures_say_whose_they_are_in_every_revision() {
    in_every_era(server(), async |client: Client| {
        let error = client.call("fail", ()).await.unwrap_err();
        assert_eq!(error.to_string(), "tool `fail` failed: out of paper");
        assert!(client.call("nothing", ()).await.unwrap_err().is_invalid_params());
        assert!(client.read("notes://none").await.unwrap_err().is_not_found());
        assert!(client.read("other://none").await.unwrap_err().is_not_found());
        assert!(client.prompt("nothing", ()).await.unwrap_err().is_invalid_params());
        assert!(client.request("example/none", ()).await.unwrap_err().is_method_not_found());
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn progress_and_logs_arrive_in_order_and_extend_the_wait() {
    let recorder = Recorder::new();
    let record = recorder.clone();
    Eras::new(server())
        .client(move || record.record(Client::builder()))
        .run(async |client: Client| {
            recorder.clear();
            assert_eq!(
                client.call("slow", ()).await.unwrap().text(),
                "done",
                "120 seconds, without 60 of silence"
            );
            let steps: Vec<_> =
                recorder.progress().iter().map(|report| report.progress.to_string()).collect();
            assert_eq!(steps, ["1", "2", "3"]);
            let logs: Vec<_> = recorder.logs().iter().map(|log| log.data.as_str().to_owned()).collect();
            assert_eq!(logs, [r#"{"step":1}"#, r#"{"step":2}"#, r#"{"step":3}"#]);
        })
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_call_that_is_dropped_or_times_out_is_dropped_at_the_server() {
    let given_up = GivenUp::default();
    let mut expected = 0;
    let counter = given_up.clone();
    let expected = std::cell::RefCell::new(&mut expected);
    in_every_era(serving(&given_up), async |client: Client| {
        let error = client.call("hang", ()).timeout(Duration::from_secs(1)).await.unwrap_err();
        assert!(error.is_timeout());
        let dropped = tokio::time::timeout(Duration::from_secs(1), client.call("hang", ()).into_future());
        assert!(dropped.await.is_err());
        tokio::time::sleep(Duration::from_millis(1)).await;
        **expected.borrow_mut() += 2;
        assert_eq!(counter.count(), **expected.borrow());
    })
    .await;
}

#[tokio::test]
async fn closing_fails_whatever_waits() {
    in_every_era(server(), async |client: Client| {
        let waiting = tokio::spawn(client.call("hang", ()).into_future());
        tokio::task::yield_now().await;
        client.close().await;
        assert!(waiting.await.unwrap().unwrap_err().is_closed());
    })
    .await;
}

#[tokio::test]
async fn the_principal_reaches_handlers() {
    Eras::new(server())
        .client(|| Client::builder().principal(Principal::new("ada")))
        .run(async |client: Client| assert_eq!(client.call("who", ()).await.unwrap().text(), "ada"))
        .await;
    in_every_era(server(), async |client: Client| {
        assert_eq!(client.call("who", ()).await.unwrap().text(), "nobody");
    })
    .await;
}

#[tokio::test]
async fn a_server_restricted_to_one_era_is_found_by_itself() {
    use toolwright_core::era::Revision;
    for revision in Revision::ALL {
        let server = toolwright_server::Server::builder("one").protocols([revision]).build().unwrap();
        assert_eq!(Client::connect(server).await.unwrap().revision(), revision);
    }
}

#[tokio::test]
async fn over_a_pipe_all_is_the_same() {
    for revision in toolwright_core::era::Revision::ALL {
        let (to_server, reader) = tokio::io::duplex(1024);
        let (writer, from_server) = tokio::io::duplex(1024);
        let serving = tokio::spawn(toolwright_stdio::serve_io(
            std::sync::Arc::new(server()),
            reader,
            writer,
            toolwright_stdio::Options::default(),
        ));
        let pipe = toolwright_stdio::Pipe::new(from_server, to_server);
        let client = Client::builder().era(revision).connect(pipe).await.unwrap();
        assert_eq!(client.tools().await.unwrap().len(), 36);
        assert_eq!(client.call("add", json!({ "a": 2, "b": 3 })).await.unwrap().data::<i64>().unwrap(), 5);
        client.close().await;
        serving.await.unwrap().unwrap();
    }
}
