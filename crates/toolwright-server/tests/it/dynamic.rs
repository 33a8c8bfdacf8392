//! Components that come and go while the server runs.
use serde_json::{Value, json};
use tokio::sync::Notify;
use toolwright_core::model::{GetPromptResult, PromptArgument, ReadResourceResult};
use toolwright_server::{
    Completion, Context, Error, Prompt, Resource, Server, Tool,
    component::{ComponentKey, Kind},
    extract::State,
    transform::Rename,
};

use crate::each::{Client, MODERN, each, poll_once, says};

fn prompt(name: &str) -> Prompt {
    Prompt::new(name)
        .argument(PromptArgument::new("city"))
        .raw_handler(|_, _| async { Ok(GetPromptResult::default()) })
}

fn resource(address: &str) -> Resource {
    Resource::new(address).raw_handler(|_, _| async { Ok(ReadResourceResult::new([])) })
}

async fn capabilities(client: &Client) -> Value {
    if client.is_modern() {
        return client.result("server/discover", json!({})).await["capabilities"].clone();
    }
    let params = json!({ "protocolVersion": client.revision, "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } });
    client.result("initialize", params).await["capabilities"].clone()
}

async fn names(client: &Client) -> Vec<String> {
    let list = client.result("tools/list", json!({})).await;
    list["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn capabilities_follow_from_what_is_there() {
    for revision in crate::each::ALL {
        let server = Server::builder("demo").build().unwrap();
        let client = Client::new(&server, revision).await;
        assert_eq!(capabilities(&client).await, json!({}), "{revision}");
        for method in ["tools/list", "resources/list", "resources/templates/list", "prompts/list"] {
            assert_eq!(client.error(method, json!({})).await.0["code"], -32601, "{revision} {method}");
        }

        server.add_tool(says("hello", "hi")).unwrap();
        assert_eq!(capabilities(&client).await, json!({ "logging": {}, "tools": { "listChanged": true } }));
        assert_eq!(names(&client).await, ["hello"]);

        server.add_resource(resource("notes://{id}")).unwrap();
        server.add_prompt(prompt("forecast")).unwrap();
        assert_eq!(
            capabilities(&client).await,
            json!({
                "logging": {},
                "prompts": { "listChanged": true },
                "resources": { "subscribe": true, "listChanged": true },
                "tools": { "listChanged": true },
            }),
            "{revision}"
        );
        assert_eq!(client.result("resources/list", json!({})).await["resources"], json!([]));

        assert!(server.remove(&ComponentKey::new(Kind::Tool, "hello")));
        assert_eq!(
            capabilities(&client).await["tools"],
            json!({ "listChanged": true }),
            "what was declared stays"
        );
        assert_eq!(names(&client).await, Vec::<String>::new());
    }
}

#[tokio::test]
async fn completions_are_declared_by_revisions_that_know_them() {
    let server = Server::builder("demo")
        .prompt(prompt("forecast"))
        .completion(Completion::prompt("forecast", "city").handler(|_, _, _| async { Ok(Vec::new()) }))
        .build()
        .unwrap();
    for client in each(&server).await {
        let declared = capabilities(&client).await["completions"].is_object();
        assert_eq!(declared, client.revision != "2024-11-05", "{}", client.revision);
    }
}

#[tokio::test]
async fn a_session_is_told_of_each_change_of_a_list() {
    for revision in crate::each::LEGACY {
        let server = Server::builder("demo")
            .tool(says("a", "1"))
            .resource(resource("x:/1"))
            .prompt(prompt("p"))
            .build()
            .unwrap();
        let client = Client::new(&server, revision).await;
        server.add_tool(says("b", "2")).unwrap();
        server.add_tool(says("b", "3")).unwrap();
        server.add_resource(resource("x:/2")).unwrap();
        server.add_resource(resource("y:/{id}")).unwrap();
        server.add_prompt(prompt("q")).unwrap();
        assert!(server.remove(&ComponentKey::new(Kind::Tool, "a")));
        assert!(server.remove(&ComponentKey::new(Kind::Template, "y:/{id}")));
        assert!(server.remove(&ComponentKey::new(Kind::Resource, "x:/2")));
        assert!(server.remove(&ComponentKey::new(Kind::Prompt, "q")));
        let (tools, resources, prompts) = (
            "notifications/tools/list_changed",
            "notifications/resources/list_changed",
            "notifications/prompts/list_changed",
        );
        assert_eq!(
            client.wire.said.methods(),
            [tools, tools, resources, resources, prompts, tools, resources, resources, prompts],
            "{revision}"
        );
        assert_eq!(client.text("b").await, "3", "the one that was added later replaced the first");
        assert_eq!(names(&client).await, ["b"]);
    }
}

#[tokio::test]
async fn a_stateless_client_is_not_told_unasked() {
    let server = Server::builder("demo").tool(says("a", "1")).build().unwrap();
    let client = Client::new(&server, MODERN).await;
    server.add_tool(says("b", "2")).unwrap();
    assert_eq!(client.wire.said.methods(), Vec::<String>::new());
    assert_eq!(names(&client).await, ["a", "b"]);
}

#[tokio::test]
async fn a_session_that_is_closed_or_has_not_shaken_hands_is_not_told() {
    let server = Server::builder("demo").tool(says("a", "1")).build().unwrap();
    let (closed, open) = (Client::new(&server, "2025-06-18").await, Client::new(&server, "2025-06-18").await);
    let fresh = crate::wire::Wire::stdio(&server);
    closed.wire.close();
    server.notifier().tools_changed();
    assert_eq!(closed.wire.said.methods(), Vec::<String>::new());
    assert_eq!(fresh.said.methods(), Vec::<String>::new());
    assert_eq!(open.wire.said.methods().len(), 1);
}

#[tokio::test]
async fn taking_away_what_is_not_there_changes_nothing() {
    let server = Server::builder("demo").tool(says("a", "1").version("1")).build().unwrap();
    let client = Client::new(&server, "2025-06-18").await;
    assert!(!server.remove(&ComponentKey::new(Kind::Tool, "b")));
    assert!(!server.remove(&ComponentKey::new(Kind::Prompt, "a")));
    assert!(!server.remove(&ComponentKey::new(Kind::Tool, "a")), "another version is another component");
    assert_eq!(client.wire.said.methods(), Vec::<String>::new());
    assert!(server.remove(&ComponentKey::new(Kind::Tool, "a").version("1")));
}

#[tokio::test]
async fn what_could_not_be_built_cannot_be_added_either() {
    struct Db;

    let server = Server::builder("demo").tool(says("a", "1")).build().unwrap();
    let client = Client::new(&server, "2025-06-18").await;
    let refused = |outcome: Result<(), Error>| outcome.unwrap_err().to_string();
    assert!(refused(server.add_tool(says("no spaces", "x"))).contains("tool `no spaces`"));
    assert!(refused(server.add_tool(Tool::new("b"))).contains("tool `b`: it has no handler"));
    assert!(refused(server.add_resource(resource("x:/{"))).contains("template `x:/{`"));
    assert!(refused(server.add_prompt(prompt(""))).contains("a prompt needs a name"));
    let needy = Tool::new("needy").handler(|_: State<Db>| async { "x" });
    assert!(refused(server.add_tool(needy)).contains("Db"));
    assert_eq!(names(&client).await, ["a"], "nothing changed");
    assert_eq!(client.wire.said.methods(), Vec::<String>::new(), "and nobody was told otherwise");
}

#[tokio::test]
async fn a_call_in_flight_outlives_its_component() {
    let gate = std::sync::Arc::new(Notify::new());
    let own = gate.clone();
    let wait = Tool::new("wait").handler(move |_: Context| {
        let gate = own.clone();
        async move {
            gate.notified().await;
            "done"
        }
    });
    let server = Server::builder("demo").tools([wait, says("hello", "hi")]).build().unwrap();
    for revision in ["2025-06-18", MODERN] {
        let client = Client::new(&server, revision).await;
        let mut call =
            client.wire.call(client.message(1, "tools/call", json!({ "name": "wait" })).to_string());
        assert!(poll_once(&mut call).is_pending());
        let key = ComponentKey::new(Kind::Tool, "hello");
        assert!(server.remove(&key));
        gate.notify_one();
        assert!(call.await.body.is_some());
        assert_eq!(client.error("tools/call", json!({ "name": "hello" })).await.0["code"], -32602);
        server.add_tool(says("hello", "hi")).unwrap();
    }
}

#[tokio::test]
async fn completions_go_with_what_they_complete() {
    let server = Server::builder("demo")
        .tool(says("hello", "hi"))
        .prompt(prompt("forecast"))
        .resource(resource("weather://{city}").name("now"))
        .completion(
            Completion::prompt("forecast", "city").handler(|_, _, _| async { Ok(vec!["Bonn".into()]) }),
        )
        .completion(Completion::resource("now", "city").handler(|_, _, _| async { Ok(vec!["Rome".into()]) }))
        .build()
        .unwrap();
    let client = Client::new(&server, MODERN).await;
    let of_prompt = json!({ "ref": { "type": "ref/prompt", "name": "forecast" }, "argument": { "name": "city", "value": "" } });
    let of_template = json!({ "ref": { "type": "ref/resource", "uri": "weather://{city}" }, "argument": { "name": "city", "value": "" } });
    assert!(server.remove(&ComponentKey::new(Kind::Prompt, "forecast")));
    assert_eq!(client.error("completion/complete", of_prompt).await.0["code"], -32602);
    let result = client.result("completion/complete", of_template.clone()).await;
    assert_eq!(result["completion"]["values"], json!(["Rome"]));
    assert!(server.remove(&ComponentKey::new(Kind::Template, "weather://{city}")));
    assert_eq!(client.error("completion/complete", of_template).await.0["code"], -32602);
}

#[tokio::test]
async fn what_a_transform_was_made_for_can_be_taken_away() {
    let server = Server::builder("demo")
        .tools([says("forecast", "sun"), says("hello", "hi")])
        .transform(Rename::tool("forecast", "weather"))
        .build()
        .unwrap();
    let client = Client::new(&server, MODERN).await;
    assert_eq!(names(&client).await, ["weather", "hello"]);
    assert!(server.remove(&ComponentKey::new(Kind::Tool, "forecast")));
    assert_eq!(names(&client).await, ["hello"]);
}

#[tokio::test]
async fn a_handler_can_change_the_server_and_tell_of_it() {
    let touch = Tool::new("touch").handler(|context: Context| async move {
        context.notifier().resource_updated("notes://1");
        context.notifier().tools_changed();
        "touched"
    });
    let server = Server::builder("demo").tool(touch).resource(resource("notes://1")).build().unwrap();
    let client = Client::new(&server, "2025-06-18").await;
    client.result("resources/subscribe", json!({ "uri": "notes://1" })).await;
    assert_eq!(client.text("touch").await, "touched");
    assert_eq!(
        client.wire.said.methods(),
        ["notifications/resources/updated", "notifications/tools/list_changed"]
    );
}
