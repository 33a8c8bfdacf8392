use std::time::Duration;

use serde_json::{Value, json};
use toolwright_core::{
    joint::Principal,
    model::{CallToolResult, ContentBlock, ReadResourceResult, TextResourceContents},
};
use toolwright_server::{
    Resource, Server, Tool,
    provider::{Caller, Provider, ProviderError},
    transform::Namespace,
};

use crate::wire::Wire;

fn says(name: &str, text: &'static str) -> Tool {
    Tool::new(name)
        .raw_handler(move |_, _| async move { Ok(CallToolResult::new([ContentBlock::text(text)])) })
}

/// An inbox for everyone who signs in.
struct PerUser;

impl Provider for PerUser {
    fn name(&self) -> String {
        "per-user".into()
    }

    async fn tools(&self, caller: &Caller) -> Result<Vec<Tool>, ProviderError> {
        let Some(principal) = caller.principal() else { return Ok(Vec::new()) };
        Ok(vec![says(&format!("inbox_of_{}", principal.subject()), "empty")])
    }

    async fn resources(&self, caller: &Caller) -> Result<Vec<Resource>, ProviderError> {
        let Some(principal) = caller.principal() else { return Ok(Vec::new()) };
        let address = format!("mail://{}/{{id}}", principal.subject());
        Ok(vec![Resource::new(address).name("mail").raw_handler(|context, variables| async move {
            let text =
                format!("mail {} of {:?}", variables.get("id").unwrap_or("?"), context.method().as_str());
            Ok(ReadResourceResult::new([TextResourceContents::new("mail://x", text).into()]))
        })])
    }
}

struct Hangs;

impl Provider for Hangs {
    fn name(&self) -> String {
        "hangs".into()
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(3)
    }

    async fn tools(&self, _: &Caller) -> Result<Vec<Tool>, ProviderError> {
        std::future::pending().await
    }
}

struct Fails;

impl Provider for Fails {
    fn name(&self) -> String {
        "crm".into()
    }

    async fn tools(&self, _: &Caller) -> Result<Vec<Tool>, ProviderError> {
        Err(ProviderError::new("the CRM is down"))
    }
}

fn names(answer: &Value) -> Vec<&str> {
    answer["result"]["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect()
}

fn call(name: &str) -> Value {
    json!({ "name": name, "arguments": {} })
}

#[tokio::test]
async fn a_live_list_differs_by_principal_and_a_look_up_agrees_with_it() {
    let server = Server::builder("mail").tool(says("help", "help")).provider(PerUser).build().unwrap();
    let ada = Wire::stateless(&server).principal(Principal::new("ada"));
    let nobody = Wire::stateless(&server);
    let listed = ada.modern("tools/list", json!({})).await;
    assert_eq!(names(&listed), ["help", "inbox_of_ada"]);
    assert_eq!(listed["result"]["cacheScope"], "private");
    assert_eq!(names(&nobody.modern("tools/list", json!({})).await), ["help"]);

    let answer = ada.modern("tools/call", call("inbox_of_ada")).await;
    assert_eq!(answer["result"]["content"][0]["text"], "empty");
    let refused = nobody.modern("tools/call", call("inbox_of_ada")).await;
    assert_eq!(refused["error"]["code"], -32602);

    let read = ada.modern("resources/read", json!({ "uri": "mail://ada/7" })).await;
    assert_eq!(read["result"]["contents"][0]["text"], "mail 7 of \"resources/read\"");
    let refused = nobody.modern("resources/read", json!({ "uri": "mail://ada/7" })).await;
    assert_eq!(refused["error"]["code"], -32602);
}

#[tokio::test(start_paused = true)]
async fn one_that_hangs_and_one_that_fails_take_nothing_from_the_others() {
    let server = Server::builder("mixed")
        .tool(says("here", "compiled"))
        .provider(Hangs)
        .provider(Fails)
        .provider(PerUser)
        .build()
        .unwrap();
    let wire = Wire::stateless(&server).principal(Principal::new("ada"));
    assert_eq!(names(&wire.modern("tools/list", json!({})).await), ["here", "inbox_of_ada"]);
    let started = tokio::time::Instant::now();
    assert_eq!(wire.modern("tools/call", call("here")).await["result"]["content"][0]["text"], "compiled");
    assert_eq!(started.elapsed(), Duration::ZERO, "a compiled tool does not wait for live providers");
    assert_eq!(
        wire.modern("tools/call", call("inbox_of_ada")).await["result"]["content"][0]["text"],
        "empty"
    );
}

#[tokio::test(start_paused = true)]
async fn what_may_be_at_a_failing_provider_is_an_error_that_names_it() {
    let server = Server::builder("mixed").provider(Hangs).provider(Fails).build().unwrap();
    let answer = Wire::stateless(&server).modern("tools/call", call("lead")).await;
    assert_eq!(answer["error"]["code"], -32603);
    assert_eq!(
        answer["error"]["message"],
        "not found, but providers failed: `hangs` (no answer within 3s), `crm` (the CRM is down)"
    );
}

#[tokio::test]
async fn transforms_of_the_server_hold_for_live_providers() {
    let server = Server::builder("mail").provider(PerUser).transform(Namespace::new("eu")).build().unwrap();
    let ada = Wire::stateless(&server).principal(Principal::new("ada"));
    assert_eq!(names(&ada.modern("tools/list", json!({})).await), ["eu_inbox_of_ada"]);
    assert_eq!(
        ada.modern("tools/call", call("eu_inbox_of_ada")).await["result"]["content"][0]["text"],
        "empty"
    );
    assert_eq!(ada.modern("tools/call", call("inbox_of_ada")).await["error"]["code"], -32602);
    let read = ada.modern("resources/read", json!({ "uri": "mail://eu/ada/7" })).await;
    assert_eq!(read["result"]["contents"][0]["text"], "mail 7 of \"resources/read\"");
}

#[tokio::test]
async fn what_a_caller_may_not_use_is_to_the_byte_what_does_not_exist() {
    let staff = |caller: Option<&Principal>| caller.is_some_and(|caller| caller.has_scope("staff"));
    let with = Server::builder("s")
        .tool(says("public", "p"))
        .tool(says("secret", "s").access(staff))
        .build()
        .unwrap();
    let without = Server::builder("s").tool(says("public", "p")).build().unwrap();
    let bytes = async |server: &Server, method: &str, params: Value| {
        let request = crate::wire::modern(1, method, params, json!({}));
        Wire::stateless(server).raw(request.to_string()).await.body.unwrap()
    };
    for (method, params) in [("tools/list", json!({})), ("tools/call", call("secret"))] {
        assert_eq!(
            bytes(&with, method, params.clone()).await,
            bytes(&without, method, params).await,
            "{method}"
        );
    }
    let insider = Wire::stateless(&with).principal(Principal::new("ada").scopes(["staff"]));
    assert_eq!(names(&insider.modern("tools/list", json!({})).await), ["public", "secret"]);
    assert_eq!(insider.modern("tools/call", call("secret")).await["result"]["content"][0]["text"], "s");
}

#[tokio::test]
async fn a_resource_is_read_as_the_type_it_is_declared_with_whenever_that_was_said() {
    let page = Resource::new("doc://page")
        .handler(async |_: toolwright_server::Context| "# Hi")
        .mime("text/markdown");
    let server = Server::builder("docs").resource(page).build().unwrap();
    let read = Wire::stateless(&server).modern("resources/read", json!({ "uri": "doc://page" })).await;
    assert_eq!(read["result"]["contents"][0]["mimeType"], "text/markdown");
}
