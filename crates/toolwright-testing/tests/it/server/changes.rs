use std::time::Duration;

use toolwright_client::{Change, Client};
use toolwright_core::model::{CallToolResult, ContentBlock, SubscriptionFilter};
use toolwright_server::{Server, Tool};
use toolwright_testing::in_every_era;

use super::fixture::server;

fn everything() -> SubscriptionFilter {
    SubscriptionFilter::new()
        .tools_list_changed(true)
        .prompts_list_changed(true)
        .resources_list_changed(true)
        .resource_subscriptions(["notes://all"])
}

async fn told(server: &Server, client: &Client) -> Vec<Change> {
    let mut changes = client.listen(everything()).await.unwrap();
    let added =
        Tool::new("added").raw_handler(|_, _| async { Ok(CallToolResult::new([ContentBlock::text("new")])) });
    server.add_tool(added).unwrap();
    server.notifier().resource_updated("notes://all");
    server.notifier().resource_updated("notes://other");
    let mut told = Vec::new();
    while let Ok(change) = tokio::time::timeout(Duration::from_secs(1), changes.next()).await {
        told.extend(change.unwrap());
    }
    told.sort_by_key(|change| format!("{change:?}"));
    told
}

#[tokio::test(start_paused = true)]
async fn a_subscription_hears_of_what_it_asked_for_in_every_revision() {
    let server = server();
    in_every_era(server.clone(), async |client: Client| {
        assert_eq!(told(&server, &client).await, [Change::Resource("notes://all".to_owned()), Change::Tools]);
        assert_eq!(client.call("added", ()).await.unwrap().text(), "new");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_server_that_drains_ends_subscriptions_in_good_order() {
    let server = server();
    let client = Client::connect(server.clone()).await.unwrap();
    let mut changes = client.listen(everything()).await.unwrap();
    toolwright_core::joint::Endpoint::drain(&server);
    assert_eq!(changes.next().await.unwrap(), None);
}

#[tokio::test(start_paused = true)]
async fn a_dropped_subscription_hears_nothing_and_harms_nobody() {
    let server = server();
    in_every_era(server.clone(), async |client: Client| {
        drop(client.listen(everything()).await.unwrap());
        tokio::time::sleep(Duration::from_millis(1)).await;
        server.notifier().resource_updated("notes://all");
        server.notifier().tools_changed();
        assert_eq!(client.call("who", ()).await.unwrap().text(), "nobody");
    })
    .await;
}

#[tokio::test(start_paused = true)]
async fn a_subscription_over_a_pipe_ends_with_the_pipe() {
    for revision in toolwright_core::era::Revision::ALL {
        let (to_server, reader) = tokio::io::duplex(1024);
        let (writer, from_server) = tokio::io::duplex(1024);
        let options = toolwright_stdio::Options::default();
        let serving =
            tokio::spawn(toolwright_stdio::serve_io(std::sync::Arc::new(server()), reader, writer, options));
        let pipe = toolwright_stdio::Pipe::new(from_server, to_server);
        let client = Client::builder().era(revision).connect(pipe).await.unwrap();
        let mut changes = client.listen(everything()).await.unwrap();
        serving.abort();
        assert!(changes.next().await.unwrap_err().is_closed(), "{revision}");
    }
}
