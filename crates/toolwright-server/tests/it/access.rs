//! What a caller may not use does not exist for them.
use bytes::Bytes;
use serde_json::{Value, json};
use toolwright_core::{
    joint::Principal,
    model::{GetPromptResult, PromptArgument, ReadResourceResult, ResourceContents},
};
use toolwright_server::{Completion, Context, Prompt, Resource, Server, Tool};

use crate::{
    each::{Client, MODERN, each, says},
    wire::Wire,
};

fn staff(caller: Option<&Principal>) -> bool {
    caller.is_some_and(|caller| caller.has_scope("staff"))
}

fn resource(address: &str) -> Resource {
    Resource::new(address)
        .raw_handler(|_, _| async { Ok(ReadResourceResult::new([ResourceContents::text("x:/", "text")])) })
}

fn prompt(name: &str) -> Prompt {
    Prompt::new(name)
        .argument(PromptArgument::new("city"))
        .raw_handler(|_, _| async { Ok(GetPromptResult::default()) })
}

fn server() -> Server {
    let complete =
        |name: &str| Completion::prompt(name, "city").handler(|_, _, _| async { Ok(vec!["Bonn".into()]) });
    Server::builder("demo")
        .tools([says("open", "x"), says("secret", "x").access(staff)])
        .resources([resource("open:/1"), resource("secret:/1").access(staff)])
        .resources([resource("open:/t/{id}"), resource("secret:/t/{id}").access(staff)])
        .prompts([prompt("open"), prompt("secret").access(staff)])
        .completions([complete("open"), complete("secret")])
        .completion(
            Completion::resource("secret:/t/{id}", "id").handler(|_, _, _| async { Ok(vec!["7".into()]) }),
        )
        .build()
        .unwrap()
}

async fn client(server: &Server, revision: &'static str, principal: Principal) -> Client {
    let Client { wire, .. } = Client::new(server, revision).await;
    Client { revision, wire: wire.principal(principal) }
}

async fn bytes(client: &Client, method: &str, params: &Value) -> Bytes {
    let outbound = client.wire.raw(client.message(1, method, params.clone()).to_string()).await;
    outbound.body.unwrap()
}

/// Everything that names a component. `secret` stands for the one that is refused, and is as long as the one that is not there.
fn questions() -> Vec<(&'static str, Value)> {
    let complete =
        |reference: Value| json!({ "ref": reference, "argument": { "name": "city", "value": "" } });
    vec![
        ("tools/call", json!({ "name": "secret" })),
        ("tools/call", json!({ "name": "secret", "arguments": { "wrong": 1 } })),
        ("prompts/get", json!({ "name": "secret" })),
        ("resources/read", json!({ "uri": "secret:/1" })),
        ("resources/read", json!({ "uri": "secret:/t/7" })),
        ("resources/subscribe", json!({ "uri": "secret:/1" })),
        ("resources/subscribe", json!({ "uri": "secret:/t/7" })),
        ("completion/complete", complete(json!({ "type": "ref/prompt", "name": "secret" }))),
        ("completion/complete", complete(json!({ "type": "ref/resource", "uri": "secret:/t/{id}" }))),
        ("completion/complete", complete(json!({ "type": "ref/resource", "uri": "secret:/1" }))),
    ]
}

#[tokio::test]
async fn what_is_refused_is_answered_to_the_byte_like_what_is_not_there() {
    let server = server();
    for anonymous in each(&server).await {
        let known = client(&server, anonymous.revision, Principal::new("eve").scopes(["guest"])).await;
        for (method, params) in questions() {
            let absent: Value =
                serde_json::from_str(&params.to_string().replace("secret", "absent")).unwrap();
            for caller in [&anonymous, &known] {
                let refused = bytes(caller, method, &params).await;
                let missing = bytes(caller, method, &absent).await;
                let refused = String::from_utf8(refused.to_vec()).unwrap().replace("secret", "absent");
                assert!(refused.contains("\"error\""), "{refused}");
                assert_eq!(refused.as_bytes(), missing, "{} {method} {params}", caller.revision);
            }
        }
    }
}

#[tokio::test]
async fn who_may_use_it_can_do_so_in_every_way() {
    let server = server();
    for revision in crate::each::ALL {
        let ada = client(&server, revision, Principal::new("ada").scopes(["staff"])).await;
        for (method, params) in questions() {
            if method == "resources/subscribe" && revision == MODERN || params["arguments"].is_object() {
                continue;
            }
            ada.result(method, params).await;
        }
    }
}

#[tokio::test]
async fn lists_differ_by_caller_and_nobody_sees_the_list_of_another() {
    let server = server();
    for revision in crate::each::ALL {
        let ada = client(&server, revision, Principal::new("ada").scopes(["staff"])).await;
        let eve = client(&server, revision, Principal::new("eve")).await;
        let nobody = Client::new(&server, revision).await;
        for method in ["tools/list", "resources/list", "resources/templates/list", "prompts/list"] {
            // In turns, for the encoded lists are kept.
            for _ in 0..2 {
                for (caller, sees) in [(&ada, true), (&eve, false), (&nobody, false)] {
                    let list = String::from_utf8(bytes(caller, method, &json!({})).await.to_vec()).unwrap();
                    assert!(list.contains("open"), "{revision} {method}");
                    assert_eq!(list.contains("secret"), sees, "{revision} {method}: {list}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_call_within_a_call_is_made_as_the_same_caller() {
    let relay = Tool::new("relay").handler(|context: Context| async move {
        match context.call_tool("secret", json!({})).await {
            Ok(_) => "found".to_owned(),
            Err(error) => error.to_string(),
        }
    });
    let server = Server::builder("demo").tools([relay, says("secret", "x").access(staff)]).build().unwrap();
    for revision in ["2025-06-18", MODERN] {
        assert_eq!(Client::new(&server, revision).await.text("relay").await, "unknown tool `secret`");
        let ada = client(&server, revision, Principal::new("ada").scopes(["staff"])).await;
        assert_eq!(ada.text("relay").await, "found");
    }
}

#[tokio::test]
async fn a_listener_hears_only_of_resources_that_exist_for_it() {
    let server = server();
    let wire = Wire::stdio(&server);
    let eve = Client { revision: MODERN, wire };
    let wanted = json!({ "notifications": { "resourceSubscriptions": ["open:/1", "secret:/1", "absent:/1", "secret:/t/7"] } });
    let listening = tokio::spawn(eve.wire.call(eve.message(7, "subscriptions/listen", wanted).to_string()));
    let acknowledged = eve.wire.said.at_least(1).await.remove(0);
    assert_eq!(acknowledged["params"]["notifications"], json!({ "resourceSubscriptions": ["open:/1"] }));
    server.notifier().resource_updated("secret:/1");
    server.notifier().resource_updated("open:/1");
    let heard = eve.wire.said.at_least(2).await.remove(1);
    assert_eq!(heard["params"]["uri"], "open:/1");
    listening.abort();
}

#[tokio::test]
async fn a_fixed_resource_that_is_refused_makes_way_for_a_template() {
    let server = Server::builder("demo")
        .resource(resource("notes://today").access(staff))
        .resource(Resource::new("notes://{id}").raw_handler(|_, _| async {
            Ok(ReadResourceResult::new([ResourceContents::text("x:/", "by template")]))
        }))
        .build()
        .unwrap();
    let result =
        Client::new(&server, MODERN).await.result("resources/read", json!({ "uri": "notes://today" })).await;
    assert_eq!(result["contents"][0]["text"], "by template", "as if the other were not there");
}
