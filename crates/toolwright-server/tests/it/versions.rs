//! Several versions of one component.
use serde_json::{Value, json};
use toolwright_core::{
    joint::Principal,
    model::{GetPromptResult, ReadResourceResult, ResourceContents},
};
use toolwright_server::{Prompt, Resource, Server};

use crate::each::{Client, MODERN, each, says};

fn resource(address: &str, version: &str, text: &'static str) -> Resource {
    Resource::new(address).version(version).raw_handler(move |_, _| async move {
        Ok(ReadResourceResult::new([ResourceContents::text("x:/", text)]))
    })
}

fn prompt(version: &str, text: &'static str) -> Prompt {
    Prompt::new("review")
        .version(version)
        .raw_handler(move |_, _| async move { Ok(GetPromptResult::new([]).description(text)) })
}

fn server() -> Server {
    Server::builder("demo")
        .tool(says("add", "nine").version("1.9").description("nine"))
        .tool(says("add", "ten").version("1.10").description("ten"))
        .tool(says("add", "none").description("none"))
        .tool(says("other", "x"))
        .resources([resource("x:/file", "1", "one"), resource("x:/file", "2", "two")])
        .resources([resource("x:/t/{id}", "2", "two"), resource("x:/t/{id}", "1", "one")])
        .prompts([prompt("2", "two"), prompt("1", "one")])
        .build()
        .unwrap()
}

fn pinned(mut params: Value, version: impl Into<Value>) -> Value {
    params["_meta"] = json!({ "io.toolwright/version": version.into() });
    params
}

#[tokio::test]
async fn the_highest_version_is_served_unless_another_is_pinned() {
    for client in each(&server()).await {
        let tool = |result: Value| result["content"][0]["text"].clone();
        let call = json!({ "name": "add" });
        assert_eq!(tool(client.result("tools/call", call.clone()).await), "ten");
        for (version, text) in [("1.9", "nine"), ("1.10", "ten")] {
            assert_eq!(tool(client.result("tools/call", pinned(call.clone(), version)).await), text);
        }

        for uri in ["x:/file", "x:/t/7"] {
            let read = json!({ "uri": uri });
            let text = |result: Value| result["contents"][0]["text"].clone();
            assert_eq!(text(client.result("resources/read", read.clone()).await), "two");
            assert_eq!(text(client.result("resources/read", pinned(read, "1")).await), "one", "{uri}");
        }

        let get = json!({ "name": "review" });
        assert_eq!(client.result("prompts/get", get.clone()).await["description"], "two");
        assert_eq!(client.result("prompts/get", pinned(get, "1")).await["description"], "one");
    }
}

#[tokio::test]
async fn a_version_that_is_not_there_is_a_component_that_is_not_there() {
    for client in each(&server()).await {
        let (error, _) = client.error("tools/call", pinned(json!({ "name": "add" }), "3")).await;
        assert_eq!(error, json!({ "code": -32602, "message": "unknown tool `add`" }));
        let (error, _) = client.error("prompts/get", pinned(json!({ "name": "review" }), "3")).await;
        assert_eq!(error["message"], "unknown prompt `review`");
        let (error, _) = client.error("resources/read", pinned(json!({ "uri": "x:/file" }), "3")).await;
        assert_eq!(error["message"], "unknown resource `x:/file`");
        let (error, _) = client.error("tools/call", pinned(json!({ "name": "other" }), "1")).await;
        assert_eq!(
            error["message"], "unknown tool `other`",
            "one without a version has none that can be pinned"
        );
    }
}

#[tokio::test]
async fn lists_hold_the_highest_version_and_name_it() {
    for client in each(&server()).await {
        let tools = client.result("tools/list", json!({})).await["tools"].clone();
        let names: Vec<_> = tools.as_array().unwrap().iter().map(|tool| tool["name"].clone()).collect();
        assert_eq!(names, ["add", "other"], "{}", client.revision);
        assert_eq!(tools[0]["description"], "ten");
        let knows_meta = !["2024-11-05", "2025-03-26"].contains(&client.revision);
        let expected = if knows_meta { json!({ "io.toolwright/version": "1.10" }) } else { Value::Null };
        assert_eq!(tools[0]["_meta"], expected, "{}", client.revision);
        assert_eq!(
            client.result("resources/list", json!({})).await["resources"].as_array().unwrap().len(),
            1
        );
        let templates = client.result("resources/templates/list", json!({})).await;
        assert_eq!(templates["resourceTemplates"].as_array().unwrap().len(), 1);
        assert_eq!(client.result("prompts/list", json!({})).await["prompts"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn who_may_not_use_the_highest_version_gets_the_highest_that_they_may() {
    let server = Server::builder("demo")
        .tool(says("add", "one").version("1").description("one"))
        .tool(
            says("add", "two")
                .version("2")
                .description("two")
                .access(|caller: Option<&Principal>| caller.is_some()),
        )
        .build()
        .unwrap();
    for revision in ["2025-06-18", MODERN] {
        let nobody = Client::new(&server, revision).await;
        assert_eq!(nobody.text("add").await, "one");
        let list = nobody.result("tools/list", json!({})).await;
        assert_eq!(list["tools"].as_array().unwrap().len(), 1);
        assert_eq!(list["tools"][0]["description"], "one");
        assert_eq!(nobody.error("tools/call", pinned(json!({ "name": "add" }), "2")).await.0["code"], -32602);

        let Client { wire, .. } = Client::new(&server, revision).await;
        let ada = Client { revision, wire: wire.principal(Principal::new("ada")) };
        assert_eq!(ada.text("add").await, "two");
        assert_eq!(ada.result("tools/list", json!({})).await["tools"][0]["description"], "two");
    }
}
