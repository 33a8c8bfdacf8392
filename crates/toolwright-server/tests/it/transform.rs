//! Transforms of a built server, as clients see them: the same for compiled components and for those of a live provider.
use std::sync::Arc;

use serde_json::{Value, json};
use toolwright_server::{
    Completion, Error, Prompt, Resource, Server, ServerBuilder, Tool,
    component::Components,
    core::{
        joint::{Endpoint, Inbound, Mute, Transport},
        model::{CallToolResult, ContentBlock, GetPromptResult, ReadResourceResult, ResourceContents},
    },
    provider::{Caller, Provider, ProviderError},
    transform::{Namespace, Rename, Selector, Visibility},
};

/// A tool that answers with the arguments it got.
fn echo(name: &str) -> Tool {
    let schema = json!({
        "type": "object",
        "properties": { "city": { "type": "string" }, "units": { "type": "string" }, "days": { "type": "integer" } },
        "required": ["city", "units"],
        "additionalProperties": false,
    });
    Tool::new(name).input_schema(schema).raw_handler(|_, arguments| async move {
        let text = String::from_utf8_lossy(arguments.as_bytes()).into_owned();
        Ok(CallToolResult::new([ContentBlock::text(text)]))
    })
}

/// A resource whose content says where it is and which variables it got.
fn note(address: &'static str) -> Resource {
    Resource::new(address).name(address.replace(['{', '}', ':', '/'], "-")).raw_handler(
        move |_, variables| async move {
            let values: Vec<_> = variables.iter().map(|(_, value)| value).collect();
            Ok(ReadResourceResult::new([ResourceContents::text(address, format!("{address} {values:?}"))]))
        },
    )
}

fn components() -> Components {
    let mut components = Components::default();
    components.tools = vec![echo("forecast"), echo("purge").tags(["internal"])];
    components.resources = ["notes://{id}", "notes://{id}/of/{year}", "notes://pinned"].map(note).into();
    components.prompts =
        vec![Prompt::new("review").raw_handler(|_, _| async { Ok(GetPromptResult::new([])) })];
    components.completions = vec![
        Completion::resource("notes----id-", "id")
            .handler(|_, typed, _| async move { Ok(vec![typed + "1"]) }),
    ];
    components
}

struct Live;

impl Provider for Live {
    fn name(&self) -> String {
        "live".into()
    }

    async fn tools(&self, _: &Caller) -> Result<Vec<Tool>, ProviderError> {
        Ok(components().tools)
    }

    async fn resources(&self, _: &Caller) -> Result<Vec<Resource>, ProviderError> {
        Ok(components().resources)
    }

    async fn prompts(&self, _: &Caller) -> Result<Vec<Prompt>, ProviderError> {
        Ok(components().prompts)
    }

    async fn completions(&self, _: &Caller) -> Result<Vec<Completion>, ProviderError> {
        Ok(components().completions)
    }
}

/// Two servers with the same components, compiled and live.
fn both(transform: impl Fn(ServerBuilder) -> ServerBuilder) -> [Server; 2] {
    let compiled = Server::builder("compiled").provider(components());
    let live = Server::builder("live").provider(Live);
    [compiled, live].map(|builder| transform(builder).build().expect("the transforms fit"))
}

/// The answer to one request of a modern client.
async fn ask(server: &Server, method: &str, mut params: Value) -> Value {
    params["_meta"] = json!({
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        "io.modelcontextprotocol/clientCapabilities": {},
    });
    let request = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    let inbound = Inbound::new(request.to_string(), Transport::InProcess, Arc::new(Mute));
    let body = server.call(inbound).await.body.expect("a request has an answer");
    serde_json::from_slice(&body).expect("an answer is JSON")
}

async fn names(server: &Server, method: &str, list: &str, member: &str) -> Vec<String> {
    let answer = ask(server, method, json!({})).await;
    let items = answer["result"][list].as_array().unwrap_or_else(|| panic!("{answer}"));
    items.iter().map(|item| item[member].as_str().expect("a string").to_owned()).collect()
}

/// The text of a tool's answer, and whether it is an error.
async fn call(server: &Server, name: &str, arguments: Value) -> (String, bool) {
    let answer = ask(server, "tools/call", json!({ "name": name, "arguments": arguments })).await;
    let text = answer["result"]["content"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}"));
    (text.to_owned(), answer["result"]["isError"] == json!(true))
}

/// The text at a URI.
async fn read(server: &Server, uri: &str) -> String {
    let answer = ask(server, "resources/read", json!({ "uri": uri })).await;
    answer["result"]["contents"][0]["text"].as_str().unwrap_or_else(|| panic!("{answer}")).to_owned()
}

#[tokio::test]
async fn a_renamed_tool_takes_other_arguments() {
    let rename = |builder: ServerBuilder| {
        builder.transform(
            Rename::tool("forecast", "weather")
                .rename_arg("city", "place")
                .fix_arg("units", json!("metric"))
                .default_arg("days", json!(3)),
        )
    };
    for server in both(rename) {
        let answer = ask(&server, "tools/list", json!({})).await;
        let tools = answer["result"]["tools"].as_array().unwrap();
        let weather = tools.iter().find(|tool| tool["name"] == "weather").unwrap();
        assert_eq!(
            weather["inputSchema"],
            json!({
                "type": "object",
                "properties": { "place": { "type": "string" }, "days": { "type": "integer", "default": 3 } },
                "required": ["place"],
                "additionalProperties": false,
            })
        );
        assert_eq!(
            call(&server, "weather", json!({ "place": "Bonn" })).await,
            (r#"{"city":"Bonn","units":"metric","days":3}"#.into(), false)
        );
        let (text, is_error) =
            call(&server, "weather", json!({ "place": "Bonn", "units": "imperial" })).await;
        assert!(is_error && text.starts_with("invalid arguments: $.units: unknown"), "{text}");
        assert!(text.contains("known: `place`, `days`"), "{text}");
        let old = ask(&server, "tools/call", json!({ "name": "forecast", "arguments": {} })).await;
        let unknown = ask(&server, "tools/call", json!({ "name": "no_such", "arguments": {} })).await;
        assert_eq!(old.to_string().replace("forecast", "no_such"), unknown.to_string());
    }
}

#[tokio::test]
async fn a_namespace_holds_everything() {
    for server in both(|builder| builder.transform(Namespace::new("ns"))) {
        assert_eq!(names(&server, "tools/list", "tools", "name").await, ["ns_forecast", "ns_purge"]);
        assert_eq!(names(&server, "prompts/list", "prompts", "name").await, ["ns_review"]);
        let templates = names(&server, "resources/templates/list", "resourceTemplates", "uriTemplate").await;
        assert_eq!(templates, ["notes://ns/{id}", "notes://ns/{id}/of/{year}"]);
        assert_eq!(read(&server, "notes://ns/today").await, r#"notes://{id} ["today"]"#);
        assert!(ask(&server, "resources/read", json!({ "uri": "notes://today" })).await["error"].is_object());
        assert!(ask(&server, "prompts/get", json!({ "name": "ns_review" })).await["result"].is_object());

        let reference = json!({ "type": "ref/resource", "uri": "notes://ns/{id}" });
        let params = json!({ "ref": reference, "argument": { "name": "id", "value": "n" } });
        let completion = ask(&server, "completion/complete", params).await;
        assert_eq!(completion["result"]["completion"]["values"], json!(["n1"]));
    }
}

#[tokio::test]
async fn the_last_mark_decides_and_hidden_is_not_found() {
    let hide = |builder: ServerBuilder| builder.transform(Visibility::hide(Selector::tags(["internal"])));
    for server in both(hide) {
        assert_eq!(names(&server, "tools/list", "tools", "name").await, ["forecast"]);
        let hidden = ask(&server, "tools/call", json!({ "name": "purge", "arguments": {} })).await;
        let unknown = ask(&server, "tools/call", json!({ "name": "no_such", "arguments": {} })).await;
        assert_eq!(hidden.to_string().replace("purge", "no_such"), unknown.to_string());
    }
    for server in both(|builder| hide(builder).transform(Visibility::show(Selector::names(["purge"])))) {
        assert_eq!(names(&server, "tools/list", "tools", "name").await, ["forecast", "purge"]);
    }
    for server in both(|builder| builder.transform(Visibility::only(Selector::tags(["internal"])))) {
        assert_eq!(names(&server, "tools/list", "tools", "name").await, ["purge"]);
        assert!(ask(&server, "prompts/get", json!({ "name": "review" })).await["error"].is_object());
        let reference = json!({ "type": "ref/resource", "uri": "notes://{id}" });
        let params = json!({ "ref": reference, "argument": { "name": "id", "value": "n" } });
        assert!(
            ask(&server, "completion/complete", params).await["error"].is_object(),
            "its template is hidden"
        );
    }
}

#[tokio::test]
async fn a_moved_template_makes_no_difference_to_what_is_closer() {
    let moved = |builder: ServerBuilder| {
        builder.transform(Rename::resource("notes://{id}/of/{year}", "notes://by-year/{year}/{id}"))
    };
    for server in both(moved) {
        assert_eq!(read(&server, "notes://pinned").await, "notes://pinned []");
        assert_eq!(read(&server, "notes://today").await, r#"notes://{id} ["today"]"#);
        assert_eq!(
            read(&server, "notes://by-year/2026/a%20b").await,
            r#"notes://{id}/of/{year} ["2026", "a b"]"#,
            "variables in the order of the new template"
        );
        assert!(
            ask(&server, "resources/read", json!({ "uri": "notes://a/of/2026" })).await["error"].is_object()
        );
    }
}

#[test]
fn transforms_that_do_not_fit_fail_to_build() {
    let built = Server::builder("mistaken")
        .provider(components())
        .transform(Rename::tool("forecast", "weather").fix_arg("unit", json!("metric")))
        .transform(Rename::tool("purge", "weather"))
        .transform(Namespace::new("a b"))
        .build();
    let Err(Error::Build(problems)) = built else { panic!("{built:?}") };
    assert!(
        problems.contains(&"tool `forecast`: takes no `unit`, but `city`, `units`, `days`".to_owned()),
        "{problems:?}"
    );
    assert!(problems.iter().any(|problem| problem.starts_with("namespace `a b`")), "{problems:?}");
}

#[tokio::test]
async fn a_tool_that_is_added_later_has_to_fit_too() {
    let rename = Rename::tool("forecast", "weather").fix_arg("units", json!("metric"));
    let server = Server::builder("growing").transform(rename).build().expect("nothing is wrong yet");
    let without_units = Tool::new("forecast").raw_handler(|_, _| async { Ok(CallToolResult::new([])) });
    let Err(Error::Change(problems)) = server.add_tool(without_units) else { panic!("the map does not fit") };
    assert_eq!(problems, ["tool `forecast`: takes no `units`, and no other arguments"]);

    server.add_tool(echo("forecast")).expect("the map fits");
    assert_eq!(names(&server, "tools/list", "tools", "name").await, ["weather"]);
    let Err(Error::Change(problems)) = server.add_tool(echo("weather")) else { panic!("the name is taken") };
    assert_eq!(problems, ["renaming tool `forecast` to `weather`: there is a tool `weather` already"]);
}
