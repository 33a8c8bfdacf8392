use serde_json::{Value, json};
use toolwright_core::{
    joint::Endpoint,
    model::{CallToolResult, ReadResourceResult, TextResourceContents},
};
use toolwright_server::{Resource, Server, Tool};
use toolwright_store::{MemoryPubSub, SharedPubSub};

use crate::wire::{Wire, modern};

fn note() -> Resource {
    Resource::new("note://{id}").name("note").raw_handler(|_, _| async {
        Ok(ReadResourceResult::new([TextResourceContents::new("note://1", "text").into()]))
    })
}

fn tool(name: &str) -> Tool {
    Tool::new(name).raw_handler(|_, _| async { Ok(CallToolResult::new([])) })
}

fn server() -> Server {
    Server::builder("notes").tool(tool("add")).resource(note()).build().unwrap()
}

fn listen(id: Value, filter: Value) -> Value {
    modern(id, "subscriptions/listen", json!({ "notifications": filter }), json!({}))
}

const SUBSCRIPTION: &str = "io.modelcontextprotocol/subscriptionId";

#[tokio::test]
async fn a_listener_is_acknowledged_first_and_hears_what_it_asked_for_under_its_own_id() {
    for (wire, id) in [(Wire::stdio(&server()), json!(7)), (Wire::stateless(&server()), json!("seven"))] {
        let filter = json!({
            "toolsListChanged": true, "promptsListChanged": true, "resourceSubscriptions": ["note://1", "gone://1"] });
        let running = tokio::spawn(wire.call(listen(id.clone(), filter).to_string()));
        let acknowledged = wire.said.at_least(1).await.remove(0);
        assert_eq!(acknowledged["method"], "notifications/subscriptions/acknowledged");
        assert_eq!(
            acknowledged["params"],
            json!({
                "_meta": { SUBSCRIPTION: id },
                "notifications": { "toolsListChanged": true, "resourceSubscriptions": ["note://1"] } }),
            "there are no prompts and no such resource, so neither is promised"
        );
        wire.server.notifier().resources_changed();
        wire.server.notifier().resource_updated("note://2");
        wire.server.notifier().resource_updated("note://1");
        let heard = wire.said.at_least(2).await;
        assert_eq!(heard[1]["method"], "notifications/resources/updated");
        assert_eq!(heard[1]["params"], json!({ "_meta": { SUBSCRIPTION: id }, "uri": "note://1" }));
        wire.server.notifier().tools_changed();
        let heard = wire.said.at_least(3).await;
        assert_eq!(heard[2]["params"]["_meta"][SUBSCRIPTION], id);

        wire.server.drain();
        let end: Value = serde_json::from_slice(&running.await.unwrap().body.unwrap()).unwrap();
        assert_eq!(
            end,
            json!({ "jsonrpc": "2.0", "id": id, "result": {
            "resultType": "complete", "_meta": { SUBSCRIPTION: id } } })
        );
    }
}

#[tokio::test]
async fn on_a_pipe_a_client_ends_its_subscription_by_cancelling_it() {
    let wire = Wire::stdio(&server());
    let running = tokio::spawn(wire.call(listen(json!(7), json!({ "toolsListChanged": true })).to_string()));
    wire.said.at_least(1).await;
    wire.tell(json!({ "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 7 } }))
        .await;
    assert_eq!(running.await.unwrap().body, None);
    wire.server.notifier().tools_changed();
    assert_eq!(wire.said.methods().len(), 1, "nobody listens any more");
}

#[tokio::test]
async fn a_listener_that_does_not_keep_up_hears_of_each_change_once() {
    let wire = Wire::stdio(&server());
    let filter = json!({ "toolsListChanged": true, "resourceSubscriptions": ["note://1"] });
    let _running = tokio::spawn(wire.call(listen(json!(7), filter).to_string()));
    wire.said.at_least(1).await;
    wire.said.fill();
    for _ in 0..1000 {
        wire.server.notifier().tools_changed();
        wire.server.notifier().resource_updated("note://1");
    }
    tokio::task::yield_now().await;
    wire.said.empty();
    let heard = wire.said.at_least(3).await;
    assert!(heard.len() <= 5, "{} messages", heard.len());
}

#[tokio::test]
async fn a_session_hears_of_lists_unasked_and_of_resources_when_it_subscribed() {
    let wire = Wire::session(&server(), "2025-11-25").await;
    wire.server.add_tool(tool("later")).unwrap();
    assert_eq!(wire.said.methods(), ["notifications/tools/list_changed"]);
    wire.server.notifier().resource_updated("note://1");
    assert_eq!(wire.said.methods().len(), 1);

    assert_eq!(wire.request("resources/subscribe", json!({ "uri": "note://1" })).await["result"], json!({}));
    wire.server.notifier().resource_updated("note://1");
    assert_eq!(wire.said.all()[1]["params"], json!({ "uri": "note://1" }));
    assert_eq!(
        wire.request("resources/unsubscribe", json!({ "uri": "note://1" })).await["result"],
        json!({})
    );
    wire.server.notifier().resource_updated("note://1");
    assert_eq!(wire.said.methods().len(), 2);

    let unknown = wire.request("resources/subscribe", json!({ "uri": "gone://1" })).await;
    assert_eq!(unknown["error"]["code"], -32002);
}

#[tokio::test]
async fn a_session_that_does_not_keep_up_is_told_of_each_change_once_it_does() {
    let wire = Wire::session(&server(), "2025-11-25").await;
    wire.said.fill();
    for _ in 0..1000 {
        wire.server.notifier().tools_changed();
        wire.server.notifier().resources_changed();
    }
    tokio::task::yield_now().await;
    wire.said.empty();
    let heard = wire.said.at_least(2).await;
    assert!(heard.len() <= 3, "{} messages", heard.len());
}

#[tokio::test]
async fn with_a_shared_bus_clients_of_all_replicas_hear_of_a_change_once() {
    let bus = SharedPubSub::new(MemoryPubSub::new());
    let replica = || Server::builder("notes").tool(tool("add")).bus(bus.clone()).build().unwrap();
    let (one, two) = (replica(), replica());
    one.start().await.unwrap();
    two.start().await.unwrap();
    let (here, there) = (Wire::session(&one, "2025-11-25").await, Wire::session(&two, "2025-06-18").await);
    one.notifier().tools_changed();
    assert_eq!(there.said.at_least(1).await[0]["method"], "notifications/tools/list_changed");
    two.notifier().prompts_changed();
    assert_eq!(here.said.at_least(2).await[1]["method"], "notifications/prompts/list_changed");
    assert_eq!(here.said.methods().len(), 2, "its own change did not come back over the bus");
}

#[tokio::test]
async fn a_closed_connection_is_forgotten() {
    let wire = Wire::session(&server(), "2025-11-25").await;
    wire.close();
    wire.server.notifier().tools_changed();
    assert_eq!(wire.said.methods(), Vec::<String>::new());
}

#[tokio::test]
async fn a_server_that_starts_again_after_draining_takes_listeners_again() {
    let server = server();
    server.start().await.unwrap();
    server.drain();
    server.stop().await;
    server.start().await.unwrap();
    let wire = Wire::stateless(&server);
    let _running = tokio::spawn(wire.call(listen(json!(7), json!({ "toolsListChanged": true })).to_string()));
    wire.said.at_least(1).await;
    server.notifier().tools_changed();
    assert_eq!(wire.said.at_least(2).await[1]["method"], "notifications/tools/list_changed");
}
